import assert from "node:assert/strict";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { hostFiles } from "../../../src/adapters/host-files/host-files.ts";
import { keyedDigest } from "../../../src/model/digest.ts";
import { memoryFolder, tempFolder } from "../../support/temp.ts";
import { keyFiles, never, testKey } from "./_files.ts";
import { modeOf, tree } from "./_tree.ts";

const memory = memoryFolder("files");
after(() => memory.dispose());
let runtime = "";
let count = 0;
beforeEach(() => {
  runtime = join(memory.path, String(++count));
});

const open = () => hostFiles({ checkout: "/nonexistent", runtime, digestKey: testKey });

test("placeSecrets() writes one file each, with mode and owner, in a folder that only its owner may enter", async () => {
  const files = open();
  assert.deepEqual(await files.observeSecrets(never), new Map());
  await files.placeSecrets(keyFiles({ "db": "pw", "web/token": "t" }, { mode: 0o440 }), never);
  assert.deepEqual(tree(files.folders.secrets), { "db": "pw", "web/token": "t" });
  assert.equal(modeOf(join(files.folders.secrets, "db")), 0o440);
  assert.equal(modeOf(files.folders.secrets), 0o700);
  const placed = (text: string) => ({
    digest: keyedDigest(testKey, text),
    mode: 0o440,
    ...(process.getuid!() === 0 && { owner: { uid: 0, gid: process.getgid!() } }),
  });
  assert.deepEqual(await files.observeSecrets(never), new Map([["db", placed("pw")], ["web/token", placed("t")]]));
});

test("placeSecrets() keeps the inode of what is right, replaces what is not, and removes the rest", async () => {
  const files = open();
  const inode = (name: string) => statSync(join(files.folders.secrets, name)).ino;
  await files.placeSecrets(keyFiles({ "same": "s", "other": "1", "gone/too": "g" }), never);
  const before = { same: inode("same"), other: inode("other") };
  await files.placeSecrets(keyFiles({ "same": "s", "other": "2" }), never);
  assert.deepEqual(tree(files.folders.secrets), { "same": "s", "other": "2" });
  assert.equal(inode("same"), before.same);
  assert.notEqual(inode("other"), before.other);
  await files.placeSecrets([], never);
  assert.deepEqual(tree(files.folders.secrets), {});
});

test("placeSecrets() takes the place of folders that Docker made, never of one with files", async () => {
  const files = open();
  mkdirSync(join(files.folders.secrets, "db/deep"), { recursive: true });
  await files.placeSecrets(keyFiles({ "db": "pw" }), never);
  assert.deepEqual(tree(files.folders.secrets), { "db": "pw" });
});

test("placeSecrets() needs a tmpfs, but only where there is something to place", async () => {
  await using disk = tempFolder("files");
  const files = hostFiles({ checkout: "/nonexistent", runtime: join(disk.path, "r"), digestKey: testKey });
  await files.placeSecrets([], never);
  await assert.rejects(files.placeSecrets(keyFiles({ "db": "pw" }), never), { code: "RUNTIME_FOLDER" });
  assert.equal(existsSync(join(disk.path, "r")), false);
});

test("placeSecrets() removes what somebody else put there", async () => {
  const files = open();
  await files.placeSecrets(keyFiles({ "db": "pw" }), never);
  writeFileSync(join(files.folders.secrets, ".holdfast-0.tmp"), "left over");
  writeFileSync(join(files.folders.secrets, "stray"), "x");
  await files.placeSecrets(keyFiles({ "db": "pw" }), never);
  assert.deepEqual(tree(files.folders.secrets), { "db": "pw" });
});
