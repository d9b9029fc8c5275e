import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Architecture, makeBinary } from "../../build/_binary.ts";
import { output } from "../support/command.ts";
import { removable } from "../support/removable.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the same files built in two folders are the same binary", async () => {
  // On the disk of the project, so that node_modules can be linked file by file instead of copied.
  const base = join(root, "dist", `reproducible-${process.pid}`);
  const remove = () => rmSync(base, { recursive: true, force: true });
  await using _folder = removable({}, remove, remove);
  const one = join(base, "one");
  const another = join(base, "another", "deeper");
  await copyTree(root, one);
  await copyTree(one, another);
  assert.equal(await digestOfBuild(one), await digestOfBuild(another));
});

async function copyTree(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const name of ["package.json", "tsconfig.json", "src", "policies"]) {
    cpSync(join(from, name), join(to, name), { recursive: true });
  }
  await output("cp", ["--archive", "--link", join(from, "node_modules"), join(to, "node_modules")]);
}

async function digestOfBuild(folder: string): Promise<string> {
  const out = join(folder, "dist/holdfast");
  const stamp = { version: "1.2.3", commit: "0".repeat(40) };
  await makeBinary({ root: folder, out, arch: process.arch as Architecture, stamp, warn: () => {} });
  return createHash("sha256").update(readFileSync(out)).digest("hex");
}
