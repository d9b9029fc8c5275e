import assert from "node:assert/strict";
import { test } from "node:test";
import { tarArchive } from "../../../src/adapters/tar/archive.ts";
import { packTar } from "../../../src/adapters/tar/pack.ts";
import { output } from "../../support/command.ts";

const never = new AbortController().signal;
const at = new Date("2026-11-24T04:00:00Z");
const facts = { mode: 0o600, uid: 0, gid: 0 };

test("packTar() writes what tar lists: the top folder, modes, owners, and names of any length and script", async () => {
  const long = `${"deep/".repeat(25)}${"n".repeat(180)}.pem`;
  const files = [
    { path: "a.key", ...facts, bytes: Buffer.from("a") },
    { path: "b.key", mode: 0o644, uid: 65534, gid: 3_000_000_000, bytes: Buffer.from("") },
    { path: long, ...facts, bytes: Buffer.from("deep") },
    { path: "ключ.pem", ...facts, bytes: Buffer.alloc(1000, 7) },
  ];
  const folders = [{ path: "", mode: 0o750, uid: 7, gid: 8 }, { path: "empty", mode: 0o700, uid: 0, gid: 0 }];
  const tar = await packTar({ name: "keys", folders, files }, at);
  const listed = (await output("tar", ["--list", "--verbose", "--numeric-owner", "--quoting-style=literal", "--utc"], {
    input: tar,
    env: { LC_ALL: "C.UTF-8", PATH: process.env["PATH"] },
  })).toString().trimEnd().split("\n").map((row) => row.replaceAll(/ +/g, " "));
  assert.deepEqual(listed, [
    "drwxr-x--- 7/8 0 2026-11-24 04:00 keys/",
    "drwx------ 0/0 0 2026-11-24 04:00 keys/empty/",
    "-rw------- 0/0 1 2026-11-24 04:00 keys/a.key",
    "-rw-r--r-- 65534/3000000000 0 2026-11-24 04:00 keys/b.key",
    `-rw------- 0/0 4 2026-11-24 04:00 keys/${long}`,
    "-rw------- 0/0 1000 2026-11-24 04:00 keys/ключ.pem",
  ]);
  const unpacked = await tarArchive().unpack(tar, never);
  const expected = files.map((file) => ({ ...file, path: `keys/${file.path}`, bytes: [...file.bytes] }));
  assert.deepEqual(unpacked.map((file) => ({ ...file, bytes: [...file.bytes] })), expected);
});
