import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { keyDisk } from "../../../src/adapters/disk/key-disk.ts";
import { output } from "../../support/command.ts";
import { memoryFolder, tempFolder } from "../../support/temp.ts";

const disk = keyDisk();
const mode = (path: string): number => lstatSync(path).mode & 0o777;
const key = (path: string, fileMode = 0o600) => ({
  path,
  mode: fileMode,
  uid: 0,
  gid: 0,
  bytes: Buffer.from(`bytes of ${path}`),
});

test("readFolder() gives every file and folder with its mode, sorted, below the folder's own name", async () => {
  await using work = tempFolder("keys");
  const folder = join(work.path, "keys-generated");
  mkdirSync(join(folder, "certs"), { recursive: true });
  writeFileSync(join(folder, "z.key"), "z");
  writeFileSync(join(folder, "certs/a.crt"), "a");
  chmodSync(join(folder, "z.key"), 0o4640);
  chmodSync(join(folder, "certs"), 0o750);
  const { name, folders, files } = await disk.readFolder(`${folder}/`);
  assert.equal(name, "keys-generated");
  assert.deepEqual(folders.map(({ path }) => path), ["", "certs"]);
  assert.equal(folders[1]!.mode, 0o750);
  const owner = process.getuid!();
  assert.deepEqual(files.map(({ path, uid }) => [path, uid]), [["certs/a.crt", owner], ["z.key", owner]]);
  assert.deepEqual([files[1]!.mode, Buffer.from(files[1]!.bytes).toString()], [0o640, "z"]);
});

for (const kind of ["symbolic link", "pipe"] as const) {
  test(`readFolder() refuses a ${kind}`, async () => {
    await using work = tempFolder("keys");
    writeFileSync(join(work.path, "key"), "k");
    if (kind === "pipe") await output("mkfifo", [join(work.path, "odd")]);
    else symlinkSync("key", join(work.path, "odd"));
    await assert.rejects(disk.readFolder(work.path), {
      code: "KEYS_ARCHIVE",
      message: new RegExp(`odd": it is a ${kind}`),
    });
  });
}

test("readFolder() refuses what is no folder of keys: missing, a file, empty, too much", async () => {
  await using work = tempFolder("keys");
  await assert.rejects(disk.readFolder(join(work.path, "none")), { code: "SOURCE_NOT_FOUND" });
  await assert.rejects(disk.readFolder(work.path), { code: "KEYS_ARCHIVE", message: /it holds no file/ });
  const file = join(work.path, "large");
  await output("truncate", ["--size", "65M", file]);
  await assert.rejects(disk.readFolder(file), { code: "SOURCE_NOT_FOUND", message: /it is no folder/ });
  await assert.rejects(disk.readFolder(work.path), { code: "KEYS_ARCHIVE", message: /more than 67108864 bytes/ });
  await assert.rejects(disk.readFile(file), { code: "SOURCE_LIMIT" });
});

test("writeFolder() makes folders for their owner alone, and files with the modes that they have", async () => {
  await using work = memoryFolder("keys");
  const target = join(work.path, "out");
  await disk.writeFolder(target, [key("a"), key("deep/er/b", 0o440)], "own");
  assert.deepEqual(["", "deep", "deep/er"].map((path) => mode(join(target, path))), [0o700, 0o700, 0o700]);
  assert.deepEqual([mode(join(target, "a")), mode(join(target, "deep/er/b"))], [0o600, 0o440]);
  assert.equal(readFileSync(join(target, "deep/er/b"), "utf8"), "bytes of deep/er/b");
  assert.equal(await disk.storage(target), "memory");
  assert.deepEqual(readdirSync(work.path), ["out"]);
});

test("writeFolder() fills an empty folder, and leaves alone a file, and one with anything in it", async () => {
  await using work = tempFolder("keys");
  const at = (name: string) => join(work.path, name);
  mkdirSync(at("empty"));
  await disk.writeFolder(at("empty"), [key("a")], "own");
  assert.deepEqual(readdirSync(at("empty")), ["a"]);
  await assert.rejects(disk.writeFolder(at("empty"), [key("b")], "own"), { code: "HOST_FILES", message: /not empty/ });
  assert.deepEqual(readdirSync(at("empty")), ["a"]);
  writeFileSync(at("file"), "f");
  await assert.rejects(disk.writeFolder(at("file"), [key("b")], "own"), { message: /it exists, and is no folder/ });
  await assert.rejects(disk.writeFolder(at("none/out"), [key("b")], "own"), { code: "HOST_FILES" });
});

test("writeFolder() that fails half-way leaves nothing behind", async () => {
  await using work = memoryFolder("keys");
  const clash = [key("a"), key("a/b")]; // a file where a folder is needed
  await assert.rejects(disk.writeFolder(join(work.path, "out"), clash, "own"), { code: "HOST_FILES" });
  assert.deepEqual(readdirSync(work.path), []);
});

test("writeFile() replaces a file whole, and leaves what it cannot replace", async () => {
  await using work = tempFolder("keys");
  const file = join(work.path, "k.gpg");
  await disk.writeFile(file, Buffer.from("first"));
  const before = statSync(file).ino;
  await disk.writeFile(file, Buffer.from("second"));
  assert.equal(readFileSync(file, "utf8"), "second");
  assert.notEqual(statSync(file).ino, before);
  await assert.rejects(disk.writeFile(work.path, Buffer.from("x")), { code: "HOST_FILES", message: /it is a folder/ });
  await assert.rejects(disk.writeFile(join(work.path, "none/k"), Buffer.from("x")), { code: "HOST_FILES" });
  assert.deepEqual(readdirSync(work.path), ["k.gpg"]);
});

test("isBelow() sees through links and paths that are not there yet", async () => {
  await using work = tempFolder("keys");
  mkdirSync(join(work.path, "keys"));
  symlinkSync("keys", join(work.path, "link"));
  const below = (path: string) => disk.isBelow(join(work.path, path), join(work.path, "keys"));
  assert.deepEqual(await Promise.all([below("keys/new/k.gpg"), below("link/k.gpg"), below("keys")]), [
    true,
    true,
    true,
  ]);
  assert.deepEqual(await Promise.all([below("keys.gpg"), below("k")]), [false, false]);
  assert.equal(existsSync(join(work.path, "keys/new")), false);
});
