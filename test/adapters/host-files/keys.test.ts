import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { hostFiles } from "../../../src/adapters/host-files/host-files.ts";
import { keyedDigest } from "../../../src/model/digest.ts";
import type { KeyFile } from "../../../src/model/keys.ts";
import { memoryFolder, tempFolder } from "../../support/temp.ts";
import { keyFiles, never, testKey } from "./_files.ts";
import { modeOf, tree } from "./_tree.ts";

const disk = tempFolder("files");
after(() => disk.dispose());
const memory = memoryFolder("files");
after(() => memory.dispose());
const into = "production/keys-generated";
let checkout = "";
let runtime = "";
let count = 0;
beforeEach(() => {
  checkout = join(disk.path, String(++count));
  runtime = join(memory.path, String(count), "mender");
  mkdirSync(checkout);
});

const open = () => hostFiles({ checkout, runtime, digestKey: testKey });
const first = keyFiles({ "certs/a.crt": "A", "certs/a.key": "secret a", "keys/b.key": "secret b" });
const second = keyFiles({ "certs/a.crt": "A", "certs/a.key": "secret a", "keys/b.key": "other b" });

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

test("placeKeys() puts keys on tmpfs, only its owner may enter, and links the checkout to them", async () => {
  const files = open();
  assert.deepEqual(await files.observeKeys(into, never), new Map());
  const before = process.umask(0o077);
  try {
    await files.placeKeys([...first, ...keyFiles({ "run.sh": "x" }, { mode: 0o755 })], into, never);
  } finally {
    process.umask(before);
  }
  assert.equal(readlinkSync(join(checkout, into)), files.folders.keys);
  assert.equal(readFileSync(join(checkout, into, "certs/a.key"), "utf8"), "secret a");
  assert.equal(modeOf(runtime), 0o700);
  assert.equal(statSync(files.folders.keys).mode & 0o777, 0o700);
  assert.equal(modeOf(join(files.folders.keys, "certs")), 0o755);
  assert.equal(modeOf(join(files.folders.keys, "certs/a.key")), 0o600);
  assert.equal(modeOf(join(files.folders.keys, "run.sh")), 0o755);
});

test("observeKeys() gives what the opened bundle has", async () => {
  const files = open();
  await files.placeKeys(first, into, never);
  const expected = new Map(first.map(({ path, bytes, mode, uid, gid }) => [
    path,
    { digest: keyedDigest(testKey, bytes), mode, ...(process.getuid!() === 0 && { owner: { uid, gid } }) },
  ]));
  assert.deepEqual(await files.observeKeys(into, never), expected);
  writeFileSync(join(files.folders.keys, "certs/a.key"), "tampered"); // as long as before
  const tampered = await files.observeKeys(into, never);
  assert.equal(tampered.get("certs/a.key")?.digest, keyedDigest(testKey, "tampered"));
  symlinkSync("/etc/passwd", join(files.folders.keys, "more"));
  assert.notEqual(
    (await files.observeKeys(into, never)).get("more")?.digest,
    keyedDigest(testKey, readFileSync("/etc/passwd")),
  );
  await files.placeKeys(first, into, never);
  assert.deepEqual(await files.observeKeys(into, never), expected);
});

test("readKeys() gives the placed keys back with bytes, mode and owner; nothing after a boot", async () => {
  const files = open();
  assert.deepEqual(await files.readKeys(never), []);
  await files.placeKeys(first, into, never);
  symlinkSync("/etc/passwd", join(files.folders.keys, "more")); // not a key
  const plain = (keys: readonly KeyFile[]) =>
    keys.map(({ path, mode, uid, gid, bytes }) => ({
      path,
      mode,
      text: new TextDecoder().decode(bytes),
      ...(process.getuid!() === 0 && { uid, gid }),
    }));
  assert.deepEqual(
    plain(await files.readKeys(never)),
    plain(first.toSorted((a, b) => a.path < b.path ? -1 : 1)),
  );
  rmSync(runtime, { recursive: true });
  assert.deepEqual(await files.readKeys(never), []);
});

test("observeKeys() is empty where the checkout does not lead to the keys, and after a boot", async () => {
  const files = open();
  await files.placeKeys(first, into, never);
  rmSync(join(checkout, into));
  assert.equal((await files.observeKeys(into, never)).size, 0);
  await files.placeKeys(first, into, never);
  assert.equal((await files.observeKeys(into, never)).size, 3);
  rmSync(runtime, { recursive: true });
  assert.equal((await files.observeKeys(into, never)).size, 0);
  await files.placeKeys(first, into, never);
  assert.equal((await files.observeKeys(into, never)).size, 3);
});

test("placeKeys() does nothing where everything is in place", async () => {
  const files = open();
  await files.placeKeys(first, into, never);
  const inode = statSync(files.folders.keys).ino;
  await files.placeKeys(first, into, never);
  await open().placeKeys(first.toReversed(), into, never);
  assert.equal(statSync(files.folders.keys).ino, inode);
  assert.deepEqual(readdirSync(runtime).sort(), ["keys", "keys.1"]);
});

test("placeKeys() switches as a whole; a retired folder keeps what is still in the bundle, and nothing else", async () => {
  const files = open();
  await files.placeKeys(first, into, never);
  const bound = join(runtime, "keys.1/certs"); // as a running container has it
  await files.placeKeys(second, into, never);
  assert.equal(readFileSync(join(checkout, into, "keys/b.key"), "utf8"), "other b");
  assert.deepEqual(tree(bound), { "a.crt": "A", "a.key": "secret a" });
  assert.equal(existsSync(join(runtime, "keys.1/keys")), false);
  await files.placeKeys(keyFiles({ "keys/b.key": "other b" }), into, never);
  assert.equal(existsSync(join(runtime, "keys.1")), false);
  assert.deepEqual(tree(runtime), {
    "keys": "-> keys.3",
    "keys.2/keys/b.key": "other b",
    "keys.3/keys/b.key": "other b",
  });
});

test("placeKeys() bounds how many folders it keeps", async () => {
  const files = open();
  for (let n = 0; n < 25; n++) {
    await files.placeKeys(keyFiles({ "same": "s", "changing": String(n) }), into, never);
  }
  assert.equal(readdirSync(runtime).length, 1 + 1 + 16);
});

test("placeKeys() places anew what has another mode", async () => {
  const files = open();
  await files.placeKeys(first, into, never);
  chmodSync(join(files.folders.keys, "certs/a.key"), 0o644);
  await files.placeKeys(first, into, never);
  assert.equal(modeOf(join(files.folders.keys, "certs/a.key")), 0o600);
});

test("placeKeys() gives keys their owners where holdfast is root", async () => {
  const files = open();
  const own = process.getuid!();
  const keys = keyFiles({ "key": "k" }, { uid: own === 0 ? 65534 : own + 1, gid: own === 0 ? 65534 : own + 1 });
  await files.placeKeys(keys, into, never);
  const { uid, gid } = statSync(join(files.folders.keys, "key"));
  assert.deepEqual({ uid, gid }, own === 0 ? { uid: 65534, gid: 65534 } : { uid: own, gid: process.getgid!() });
});

test("placeKeys() refuses a runtime folder on disk, and writes nothing there", async () => {
  const onDisk = join(disk.path, "runtime");
  const files = hostFiles({ checkout, runtime: onDisk, digestKey: testKey });
  const refused = { code: "RUNTIME_FOLDER", message: /is not on a tmpfs/ };
  await assert.rejects(files.placeKeys(first, into, never), refused);
  await assert.rejects(files.check({ files: new Map(), keys: { files: first, into } }, never), refused);
  assert.equal(existsSync(onDisk), false);
  assert.deepEqual(tree(checkout), {});
});

test("placeKeys() replaces an adopted clone's folder that equals the bundle", async () => {
  for (const { path, bytes } of first) put(join(checkout, into, path), Buffer.from(bytes).toString());
  await open().placeKeys(first, into, never);
  assert.deepEqual(tree(checkout), { [into]: `-> ${runtime}/keys` });
});

test("placeKeys() replaces folders that Docker made where bind sources were missing", async () => {
  mkdirSync(join(checkout, into, "certs/a.key"), { recursive: true });
  mkdirSync(join(runtime, "keys/certs/a.key"), { recursive: true });
  await open().placeKeys(first, into, never);
  assert.equal(readFileSync(join(checkout, into, "certs/a.key"), "utf8"), "secret a");
});

const differing = [
  { name: "a file more", change: (folder: string) => put(join(folder, "certs/c.key"), "c"), says: /: "certs\/c.key"$/ },
  { name: "a file less", change: (folder: string) => rmSync(join(folder, "certs/a.key")), says: /: "certs\/a.key"$/ },
  {
    name: "other bytes",
    change: (folder: string) => put(join(folder, "certs/a.key"), "secret x"),
    says: /: "certs\/a.key"$/,
  },
  {
    name: "a link",
    change: (folder: string) => {
      rmSync(join(folder, "certs/a.key"));
      symlinkSync("a.crt", join(folder, "certs/a.key"));
    },
    says: /: "certs\/a.key"$/,
  },
];
for (const { name, change, says } of differing) {
  test(`placeKeys() leaves an adopted clone's folder with ${name} and names it`, async () => {
    for (const { path, bytes } of first) put(join(checkout, into, path), Buffer.from(bytes).toString());
    change(join(checkout, into));
    const before = tree(checkout);
    const refused = { code: "HOST_FILES", message: says };
    await assert.rejects(open().placeKeys(first, into, never), refused);
    await assert.rejects(open().check({ files: new Map(), keys: { files: first, into } }, never), refused);
    assert.deepEqual(tree(checkout), before);
    assert.equal(existsSync(runtime), false);
  });
}

test("placeKeys() refuses a file, and a link that leads elsewhere, where the keys should be seen", async () => {
  put(join(checkout, into), "file");
  await assert.rejects(open().placeKeys(first, into, never), { code: "HOST_FILES", message: /no folder/ });
  rmSync(join(checkout, into));
  symlinkSync("/etc", join(checkout, into));
  await assert.rejects(open().placeKeys(first, into, never), { code: "HOST_FILES", message: /is a link to "\/etc"/ });
  rmSync(join(checkout, "production"), { recursive: true });
  symlinkSync("/etc", join(checkout, "production"));
  await assert.rejects(open().placeKeys(first, into, never), { code: "HOST_FILES", message: /"production" is a link/ });
});

test("placeKeys() refuses names that lead out of its folder", async () => {
  for (const path of ["../up", "/abs", "a/../../up", ""]) {
    await assert.rejects(open().placeKeys(keyFiles({ [path]: "k" }), into, never), { code: "HOST_FILES" });
    await assert.rejects(open().placeKeys(first, path, never), { code: "HOST_FILES" });
  }
});
