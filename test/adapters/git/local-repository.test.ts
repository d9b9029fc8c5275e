import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, chmod, copyFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { output } from "../../support/command.ts";
import { createRepository, gitEnvironment, type Repository } from "../../support/repository.ts";
import { tempFolder } from "../../support/temp.ts";
import { annotate, calm, failure, readAll, sourceOf, textOf } from "./fixture.ts";

const git = (cwd: string, ...args: string[]) => output("git", args, { cwd, env: gitEnvironment(cwd) });

test("refs and objects are read loose, packed, and both", async () => {
  await using repository = await createRepository();
  await repository.commit({ a: "1" });
  await annotate(repository, "v1", "HEAD");
  await using source = sourceOf(repository.bare);
  assert.equal(textOf((await readAll(source)).files, "a"), "1");
  await repository.gitBare("gc", "--quiet");
  await repository.gitBare("pack-refs", "--all");
  await using packed = sourceOf(repository.bare, { ref: "v1" });
  assert.equal(textOf((await readAll(packed)).files, "a"), "1");
  await repository.commit({ a: "2", b: "3" });
  assert.deepEqual([...(await readAll(source)).files.keys()], ["a", "b"]);
});

test("a tag that moved after it was packed is read where it is now", async () => {
  await using repository = await createRepository();
  await repository.commit({ a: "1" });
  await annotate(repository, "v1", "HEAD");
  await repository.gitBare("pack-refs", "--all");
  const second = await repository.commit({ a: "2" });
  await repository.git("tag", "--delete", "v1");
  await annotate(repository, "v1", second, "--force");
  await using source = sourceOf(repository.bare, { ref: "v1" });
  assert.equal((await source.resolve(calm)).commit, second);
});

test("a detached HEAD is read by its commit", async () => {
  await using repository = await createRepository();
  const first = await repository.commit({ a: "1" });
  await repository.commit({ a: "2" });
  await repository.git("checkout", "--quiet", first);
  await using source = sourceOf(repository.clone, { ref: undefined });
  assert.deepEqual(await source.resolve(calm), { commit: first, ref: "HEAD" });
});

for (
  const { name, path } of [
    { name: "nothing", path: "gone" },
    { name: "a folder that is no repository", path: "." },
    { name: "a file", path: "file" },
  ]
) {
  test(`a path to ${name} is no repository`, async () => {
    await using folder = tempFolder();
    await writeFile(join(folder.path, "file"), "");
    await using source = sourceOf(join(folder.path, path));
    const { code, retry, hint } = await failure(source.resolve(calm));
    assert.deepEqual([code, retry], ["SOURCE_NOT_FOUND", "operator"]);
    assert.match(hint, /bare repository/);
  });
}

const unsupported: readonly { name: string; says: RegExp; make: (repository: Repository) => Promise<string> }[] = [
  {
    name: "borrowed objects",
    says: /alternates/,
    async make(repository) {
      const clone = join(repository.root, "shared");
      await git(repository.root, "clone", "--quiet", "--shared", "--bare", repository.bare, clone);
      return clone;
    },
  },
  {
    name: "a linked worktree",
    says: /linked worktree/,
    async make(repository) {
      const worktree = join(repository.root, "worktree");
      await repository.git("worktree", "add", "--quiet", "--detach", worktree);
      return worktree;
    },
  },
  {
    name: "SHA-256",
    says: /sha256/,
    async make(repository) {
      const folder = join(repository.root, "sha256");
      await git(repository.root, "init", "--quiet", "--object-format=sha256", folder);
      return folder;
    },
  },
  {
    name: "reftable",
    says: /reftable/,
    async make(repository) {
      await appendFile(join(repository.bare, "config"), "[extensions]\n\trefStorage = reftable\n");
      return repository.bare;
    },
  },
];
for (const { name, says, make } of unsupported) {
  test(`a repository with ${name} is refused clearly`, async () => {
    await using repository = await createRepository();
    await repository.commit({ a: "1" });
    await using source = sourceOf(await make(repository));
    const { code, retry, message } = await failure(source.resolve(calm));
    assert.deepEqual([code, retry], ["SOURCE_PROTOCOL", "operator"]);
    assert.match(message, says);
  });
}

test("an object that is missing is named", async () => {
  await using repository = await createRepository();
  await repository.commit({ a: "1", b: "2" });
  const oid = await repository.git("rev-parse", "HEAD:b");
  const path = join(repository.bare, "objects", oid.slice(0, 2), oid.slice(2));
  await rename(path, `${path}.away`);
  await using source = sourceOf(repository.bare);
  const { code, message } = await failure(readAll(source));
  assert.equal(code, "SOURCE_PROTOCOL");
  assert.match(message, new RegExp(`object ${oid} is missing`));
  assert.deepEqual(await readdir(source.store).catch(() => []), []);
});

test("a pack's index that gives one object for another is found out", async () => {
  await using repository = await createRepository();
  await repository.commit({ good: "good\n", evil: "evil\n" });
  const [good, evil] = [await repository.git("rev-parse", "HEAD:good"), await repository.git("rev-parse", "HEAD:evil")];
  await repository.gitBare("repack", "-adq");
  const folder = join(repository.bare, "objects", "pack");
  const index = join(folder, (await readdir(folder)).find((name) => name.endsWith(".idx"))!);
  const bytes = await readFile(index);
  const [a, b] = [bytes.indexOf(Buffer.from(good, "hex")), bytes.indexOf(Buffer.from(evil, "hex"))];
  // The offsets of the two objects change places, and the index's own checksum is made right.
  const count = bytes.readUInt32BE(8 + 255 * 4);
  const names = 8 + 256 * 4;
  const offsets = names + count * 24;
  const at = (position: number) => offsets + (position - names) / 20 * 4;
  const [first, second] = [bytes.readUInt32BE(at(a)), bytes.readUInt32BE(at(b))];
  bytes.writeUInt32BE(second, at(a));
  bytes.writeUInt32BE(first, at(b));
  createHash("sha1").update(bytes.subarray(0, -20)).digest().copy(bytes, bytes.length - 20);
  await chmod(index, 0o600);
  await writeFile(index, bytes);
  await using source = sourceOf(repository.bare);
  const { code, message } = await failure(readAll(source));
  assert.equal(code, "SOURCE_PROTOCOL");
  assert.match(message, /holds other bytes than its id says/);
});

test("an adopted clone is read, and nothing in it changes", async () => {
  await using repository = await createRepository();
  await repository.commit({ a: "1" });
  await mkdir(join(repository.clone, "untracked"));
  await copyFile(join(repository.clone, "a"), join(repository.clone, "untracked", "b"));
  const before = await repository.git("status", "--porcelain=v2", "--branch");
  await using source = sourceOf(repository.clone);
  assert.deepEqual([...(await readAll(source)).files.keys()], ["a"]);
  assert.equal(await repository.git("status", "--porcelain=v2", "--branch"), before);
});
