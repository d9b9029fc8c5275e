import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeBinary } from "../../build/_binary.ts";
import { output } from "../support/command.ts";
import { removable } from "../support/removable.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the same files built in two folders are the same binary", async () => {
  // On the disk of the project, so that node_modules can be linked file by file instead of copied.
  const base = join(root, "dist", `reproducible-${process.pid}`);
  const remove = () => rmSync(base, { recursive: true, force: true });
  await using _folder = removable({}, remove, remove);
  const first = await digestOfBuild(join(base, "one"));
  const second = await digestOfBuild(join(base, "another", "deeper"));
  assert.equal(first, second);
});

async function digestOfBuild(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "tsconfig.json", "src", "policies"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  await output("cp", ["--archive", "--link", join(root, "node_modules"), join(folder, "node_modules")]);
  const out = join(folder, "dist/holdfast");
  const stamp = { version: "1.2.3", commit: "0".repeat(40) };
  await makeBinary({ root: folder, out, arch: process.arch as "x64" | "arm64", stamp, warn: () => {} });
  return createHash("sha256").update(readFileSync(out)).digest("hex");
}
