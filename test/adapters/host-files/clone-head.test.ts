import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { cloneHead } from "../../../src/adapters/host-files/clone-head.ts";
import { hostFiles } from "../../../src/adapters/host-files/host-files.ts";
import { renderStaleClone } from "../../../src/report/clone-text.ts";
import { output, runCommand } from "../../support/command.ts";
import { createRepository } from "../../support/repository.ts";
import { tempFolder } from "../../support/temp.ts";
import { never, revision, testKey } from "./_files.ts";

const temp = tempFolder("clone");
after(() => temp.dispose());
const env = { PATH: process.env["PATH"], HOME: temp.path, GIT_CONFIG_NOSYSTEM: "1" };
const before = { "compose.yaml": "services: {}\n" };
const later = { "compose.yaml": "services: { web: { image: a } }\n", "new.conf": "listen 80\n" };

/** A clone as an operator made it on the host. */
async function hostClone(name: string, bare: string) {
  const folder = join(temp.path, name);
  await output("git", ["clone", "--quiet", bare, folder], { env });
  const git = async (...args: string[]) => (await output("git", ["-C", folder, ...args], { env })).toString().trim();
  return { folder, git };
}

test("cloneHead() reads what git has checked out: loose, packed, detached; nothing where there is no clone", async () => {
  await using repository = await createRepository();
  const commit = await repository.commit(before);
  const { folder, git } = await hostClone("head", repository.bare);
  assert.equal(await cloneHead(folder), commit);
  await git("pack-refs", "--all");
  assert.equal(await cloneHead(folder), commit);
  await git("checkout", "--quiet", "--detach");
  assert.equal(await cloneHead(folder), commit);
  assert.equal(await cloneHead(temp.path), undefined);
});

test("the line that status prints hands an adopted clone back to git without touching a file", async () => {
  await using repository = await createRepository();
  const first = await repository.commit(before);
  const { folder, git } = await hostClone("back", repository.bare);
  const second = await repository.commit(later);
  const files = hostFiles({ checkout: folder, runtime: join(temp.path, "runtime"), digestKey: testKey });
  await files.placeCheckout(revision(later), revision(before), never);
  const refused = await runCommand("git", ["-C", folder, "pull", "--quiet"], { env: { ...env, LC_ALL: "C" } });
  assert.match(refused.stderr, /would be overwritten by merge/);
  assert.equal(await cloneHead(folder), first);

  const inode = statSync(join(folder, "compose.yaml")).ino;
  const { text } = renderStaleClone({ deployment: "web", folder, head: first, applied: second });
  const line = /before a git pull there: (.*) \(changes no file\)$/.exec(text)![1]!;
  await output("/bin/sh", ["-c", line], { env });
  assert.equal(await git("status", "--porcelain"), "");
  assert.equal(await cloneHead(folder), second);
  assert.equal(statSync(join(folder, "compose.yaml")).ino, inode);

  const third = await repository.commit({ "more.conf": "listen 81\n" });
  await git("pull", "--quiet");
  assert.equal(await git("rev-parse", "HEAD"), third);
});
