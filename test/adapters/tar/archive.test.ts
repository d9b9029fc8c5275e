import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { archiveLimits, tarArchive } from "../../../src/adapters/tar/archive.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { tempFolder } from "../../support/temp.ts";
import { tarBlocks, tarEnd } from "./_tar-blocks.ts";

const never = new AbortController().signal;
const unpack = (bytes: Uint8Array) => tarArchive().unpack(bytes, never);

const longName = `${"deep/".repeat(30)}${"n".repeat(200)}.pem`;
for (const format of ["ustar", "gnu", "pax", "v7"]) {
  test(`unpack() reads what tar --format=${format} writes: names, modes and owners`, async () => {
    await using folder = tempFolder("tar");
    const names = ["b/private.key", "a.crt", "ключ.pem", ...(format === "gnu" || format === "pax" ? [longName] : [])];
    for (const name of names) writeFile(folder.path, `keys/${name}`, `content of ${name}`);
    chmodSync(join(folder.path, "keys/b/private.key"), 0o4600);
    writeFile(folder.path, "keys/empty", "");
    const bytes = tar(folder.path, ["--format", format, "--owner=123", "--group=456", "keys"]);
    const files = await unpack(bytes);
    assert.deepEqual(files.map((file) => file.path), [...names, "empty"].map((name) => `keys/${name}`).sort());
    const key = files.find((file) => file.path === "keys/b/private.key")!;
    assert.deepEqual({ mode: key.mode, uid: key.uid, gid: key.gid }, { mode: 0o600, uid: 123, gid: 456 });
    for (const file of files.filter((file) => file.path !== "keys/empty")) {
      assert.equal(text(file.bytes), `content of ${file.path.slice("keys/".length)}`);
    }
  });
}

for (const format of ["gnu", "pax"]) {
  test(`unpack() reads owners beyond ustar's digits (${format})`, async () => {
    await using folder = tempFolder("tar");
    writeFile(folder.path, "key", "k");
    const bytes = tar(folder.path, ["--format", format, "--owner=:3000000000", "--group=:4000000000", "key"]);
    const [file] = await unpack(bytes);
    assert.deepEqual({ uid: file!.uid, gid: file!.gid }, { uid: 3_000_000_000, gid: 4_000_000_000 });
  });
}

test("unpack() takes off the leading dot of `tar c .`", async () => {
  await using folder = tempFolder("tar");
  writeFile(folder.path, "certs/a.crt", "a");
  assert.deepEqual((await unpack(tar(folder.path, ["."]))).map((file) => file.path), ["certs/a.crt"]);
});

test("unpack() gives bytes of their own: changing the archive changes no key", async () => {
  const bytes = Buffer.concat([tarBlocks({ name: "key", content: "secret" }), tarEnd]);
  const [file] = await unpack(bytes);
  bytes.fill(0);
  assert.equal(text(file!.bytes), "secret");
});

test("unpack() refuses links, devices, pipes and sparse files", async () => {
  await using folder = tempFolder("tar");
  writeFile(folder.path, "key", "k");
  symlinkSync("key", join(folder.path, "symbolic"));
  linkSync(join(folder.path, "key"), join(folder.path, "key-again"));
  execFileSync("mkfifo", [join(folder.path, "pipe")]);
  execFileSync("truncate", ["-s", "4M", join(folder.path, "sparse")]);
  await refused(tar(folder.path, ["key", "symbolic"]), /"symbolic" is a symbolic link/);
  await refused(tar(folder.path, ["key", "key-again"]), /"key-again" is a hard link/);
  await refused(tar(folder.path, ["pipe"]), /"pipe" is a fifo/);
  await refused(tar(folder.path, ["--sparse", "sparse"]), /"sparse" is of an unknown kind/);
  await refused(tar(folder.path, ["--sparse", "--format=pax", "sparse"]), /is a sparse file/);
  await refused(Buffer.concat([tarBlocks({ name: "null", type: "3" }), tarEnd]), /"null" is a character-device/);
  await refused(Buffer.concat([tarBlocks({ name: "sda", type: "4" }), tarEnd]), /"sda" is a block-device/);
  await refused(Buffer.concat([tarBlocks({ name: "label", type: "V" }), tarEnd]), /"label" is of an unknown kind/);
});

const names = [
  { name: "/etc/shadow", says: /is absolute/ },
  { name: ".//etc/shadow", says: undefined },
  { name: "../up", says: /leads out of its folder/ },
  { name: "a/../../up", says: /leads out of its folder/ },
  { name: "..", says: /leads out of its folder/ },
  { name: "a//b", says: /has an empty part/ },
  { name: "a/./b", says: /has an empty part/ },
  { name: ".", says: /has an empty part/ },
  { name: "", says: /has an empty part/ },
  { name: "a\nb", says: /"a\\nb" has control characters/ },
  { name: "a\u001b[2Jb", says: /has control characters/ },
  { name: "a\u202eb", says: /has control characters/ },
  { name: Buffer.from([0x61, 0xff, 0x62]), says: /is not UTF-8/ },
  { name: `${"d/".repeat(32)}f`, says: /is deeper than 32 folders/ },
];
for (const { name, says } of names) {
  test(`unpack() ${says ? "refuses" : "accepts"} the name ${JSON.stringify(String(name))}`, async () => {
    const bytes = Buffer.concat([tarBlocks({ name, content: "k" }), tarEnd]);
    if (says) await refused(bytes, says);
    else assert.deepEqual((await unpack(bytes)).map((file) => file.path), ["etc/shadow"]);
  });
}

test("unpack() refuses names that are too long, and pax names that are not UTF-8", async () => {
  const pax = (record: Buffer) => tarBlocks({ name: "PaxHeader", type: "x", content: record });
  const path = (name: Buffer) => {
    const record = Buffer.concat([Buffer.from(" path="), name, Buffer.from("\n")]);
    const length = record.length + 3;
    return Buffer.concat([Buffer.from(String(length).padStart(3, "0")), record]);
  };
  const file = tarBlocks({ name: "x", content: "k" });
  await refused(Buffer.concat([pax(path(Buffer.alloc(256, "n"))), file, tarEnd]), /is too long/);
  await refused(Buffer.concat([pax(path(Buffer.from([0x61, 0xff]))), file, tarEnd]), /is not UTF-8/);
  await refused(Buffer.concat([pax(path(Buffer.from("../up"))), file, tarEnd]), /leads out of its folder/);
});

const clashes = [
  { says: /"a" is in it twice/, entries: [{ name: "a" }, { name: "a" }] },
  { says: /"a" is in it twice/, entries: [{ name: "a" }, { name: "./a" }] },
  { says: /"a" is a file and a folder/, entries: [{ name: "a" }, { name: "a/b" }] },
  { says: /"a" is a file and a folder/, entries: [{ name: "a/b/c" }, { name: "a" }] },
  { says: /"a" is a file and a folder/, entries: [{ name: "a/", type: "5" }, { name: "a" }] },
  { says: /"a" is a file and a folder/, entries: [{ name: "a" }, { name: "a/", type: "5" }] },
];
for (const { says, entries } of clashes) {
  test(`unpack() refuses ${entries.map((entry) => entry.name).join(" beside ")}`, async () => {
    await refused(Buffer.concat([...entries.map((entry) => tarBlocks({ content: "", ...entry })), tarEnd]), says);
  });
}

test("unpack() takes a folder that is listed twice, as `tar --append` does", async () => {
  const folder = tarBlocks({ name: "a/", type: "5" });
  const bytes = Buffer.concat([folder, tarBlocks({ name: "a/b", content: "k" }), folder, tarEnd]);
  assert.deepEqual((await unpack(bytes)).map((file) => file.path), ["a/b"]);
});

test("unpack() refuses an archive that was cut, wherever it was", async () => {
  await using folder = tempFolder("tar");
  writeFile(folder.path, "keys/a", "x".repeat(700));
  writeFile(folder.path, "keys/b", "");
  writeFile(folder.path, longName, "long");
  const whole = tar(folder.path, ["--blocking-factor=1", "keys", longName]);
  await unpack(whole);
  await unpack(whole.subarray(0, -512)); // tar itself only warns of a lone block of zeros
  for (let length = 0; length < whole.length - 512; length += 128) {
    await refused(whole.subarray(0, length), /it was cut|no tar/);
  }
});

test("unpack() refuses what stands behind the end, where other tars do not read", async () => {
  const one = tarBlocks({ name: "a", content: "1" });
  const two = tarBlocks({ name: "b", content: "2" });
  await refused(Buffer.concat([one, tarEnd, two, tarEnd]), /something behind its end/);
  await refused(Buffer.concat([one, tarEnd, Buffer.alloc(511), Buffer.from("x")]), /something behind its end|no tar/);
  await unpack(Buffer.concat([one, tarEnd, Buffer.alloc(10240)]));
});

test("unpack() refuses what is no tar and says what it is", async () => {
  await using folder = tempFolder("tar");
  writeFile(folder.path, "key", "k");
  await refused(tar(folder.path, ["--gzip", "key"]), /compressed \(gzip\)/);
  await refused(Buffer.from("BZh91AY&SY"), /compressed \(bzip2\)/);
  await refused(Buffer.from("-----BEGIN PRIVATE KEY-----\n".repeat(100)), /no tar/);
  await refused(Buffer.alloc(0), /it was cut/);
  await refused(Buffer.alloc(10240), /holds no file/);
  const whole = tar(folder.path, ["key"]);
  whole[0]! ^= 1;
  await refused(whole, /no tar/);
});

test("unpack() refuses too much of anything before it takes the memory", async () => {
  const limits = { fileBytes: 1000, totalBytes: 2500, entries: 4 };
  const archive = tarArchive(limits);
  const file = (name: string, size: number) => tarBlocks({ name, content: "x".repeat(size) });
  const small = ["a", "b", "c", "d"].map((name) => file(name, 600));
  assert.equal((await archive.unpack(Buffer.concat([...small, tarEnd]), never)).length, 4);
  const code = "KEYS_ARCHIVE";
  const large = Buffer.concat([file("a", 1001), tarEnd]);
  await assert.rejects(archive.unpack(large, never), { code, message: /1001 bytes, more than 1000/ });
  const much = Buffer.concat([file("a", 1000), file("b", 1000), file("c", 1000), tarEnd]);
  await assert.rejects(archive.unpack(much, never), { code, message: /more than 2500 bytes/ });
  const many = Buffer.concat([...small, tarBlocks({ name: "e/", type: "5" }), tarEnd]);
  await assert.rejects(archive.unpack(many, never), { code, message: /more than 4 files and folders/ });
  await refused(Buffer.concat([tarBlocks({ name: "bomb", size: 8 ** 11 - 1 }), tarEnd]), /cut inside "bomb"/);
  const bomb = Buffer.concat(
    Array.from({ length: archiveLimits.entries + 1 }, (_, n) => tarBlocks({ name: `d${n}/`, type: "5" })),
  );
  await refused(Buffer.concat([bomb, tarEnd]), /more than 4096 files and folders/);
});

test("unpack() ends with its signal", async () => {
  const bytes = Buffer.concat([tarBlocks({ name: "a", content: "1" }), tarEnd]);
  await assert.rejects(tarArchive().unpack(bytes, AbortSignal.abort(new Error("enough"))), /enough/);
});

async function refused(bytes: Uint8Array, says: RegExp): Promise<void> {
  await assert.rejects(unpack(bytes), (error) => {
    assert.ok(error instanceof HoldfastError, String(error));
    assert.equal(error.code, "KEYS_ARCHIVE");
    assert.match(error.message, says);
    return true;
  });
}

function writeFile(folder: string, name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

function tar(folder: string, args: readonly string[]): Buffer {
  return execFileSync("tar", ["--create", "--directory", folder, ...args], { stdio: ["ignore", "pipe", "ignore"] });
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
