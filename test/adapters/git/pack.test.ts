import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { deflateSync } from "node:zlib";
import { defaultLimits } from "../../../src/adapters/git/limits.ts";
import { hashObject } from "../../../src/adapters/git/objects.ts";
import { writePack } from "../../../src/adapters/git/pack-writer.ts";
import { readPack } from "../../../src/adapters/git/pack.ts";
import { output } from "../../support/command.ts";
import { createRepository, gitEnvironment } from "../../support/repository.ts";
import { calm, failure } from "./fixture.ts";

const repository = await createRepository();
after(() => repository.dispose());
const base = randomBytes(20_000).toString("hex");
for (let i = 0; i < 12; i++) {
  await repository.commit({ text: `${base}${i}\n${base.slice(0, i * 900)}`, [`f${i}`]: `${i}` });
}
const listed = (await repository.git("rev-list", "--objects", "--all", "--no-object-names")).split("\n").sort();

async function packOf(...options: string[]): Promise<Buffer> {
  return await output("git", [
    "-C",
    repository.clone,
    "pack-objects",
    "--all",
    "--stdout",
    "-q",
    "--depth=20",
    "--window=20",
    ...options,
  ], {
    env: gitEnvironment(repository.root),
    input: "",
  });
}

const read = (pack: Uint8Array, limits = {}, signal = calm) => readPack(pack, { ...defaultLimits, ...limits }, signal);

/** Makes a pack's checksum right again, so that what was changed inside is judged by itself. */
function sealed(body: Uint8Array): Buffer {
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

function packHeader(count: number, version = 2): Buffer {
  const header = Buffer.from("PACK\0\0\0\0\0\0\0\0", "latin1");
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

/** A hand-made entry; sizes below 2048. */
function entry(type: number, size: number, body: Uint8Array, base: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([0x80 | (type << 4) | (size & 15), size >> 4]), base, deflateSync(body)]);
}

for (
  const { name, options } of [
    { name: "offset deltas", options: ["--delta-base-offset"] },
    { name: "deltas by object id", options: [] },
    { name: "no deltas", options: ["--window=0"] },
  ]
) {
  test(`readPack() reads every object of a pack with ${name}`, async () => {
    const objects = await read(await packOf(...options));
    assert.deepEqual([...objects.keys()].sort(), listed);
    for (const [id, object] of objects) assert.equal(hashObject(object), id);
  });
}

test("readPack() refuses a pack cut at any hundredth, resealed or not", async () => {
  const pack = await packOf("--delta-base-offset");
  for (let i = 0; i < 100; i++) {
    const cut = pack.subarray(0, Math.floor(pack.length * i / 100));
    assert.equal((await failure(read(cut))).code, "SOURCE_PROTOCOL");
    assert.equal((await failure(read(sealed(cut)))).code, "SOURCE_PROTOCOL");
  }
});

test("readPack() refuses a flipped bit, and never gives an object other bytes than its id says", async () => {
  const pack = await packOf("--delta-base-offset");
  for (let i = 0; i < 300; i++) {
    const flipped = Buffer.from(pack);
    const at = Math.floor(pack.length * i / 300);
    flipped[at]! ^= 1 << (i % 8);
    assert.equal((await failure(read(flipped))).code, "SOURCE_PROTOCOL");
    if (at >= pack.length - 20) continue;
    const forged = await read(sealed(flipped.subarray(0, -20))).catch(() => undefined);
    for (const [id, object] of forged ?? []) assert.equal(hashObject(object), id);
  }
});

const text = Buffer.from("some text");
const absent = Buffer.alloc(20, 7);
const broken = [
  { name: "nothing", pack: Buffer.alloc(0) },
  { name: "a later version", pack: sealed(packHeader(0, 4)) },
  {
    name: "bytes after the last object",
    pack: sealed(Buffer.concat([packHeader(1), entry(3, text.length, text), text])),
  },
  { name: "fewer objects than it says", pack: sealed(Buffer.concat([packHeader(2), entry(3, text.length, text)])) },
  { name: "an unknown type", pack: sealed(Buffer.concat([packHeader(1), entry(5, text.length, text)])) },
  { name: "an object larger than it says", pack: sealed(Buffer.concat([packHeader(1), entry(3, 2, text)])) },
  { name: "an object smaller than it says", pack: sealed(Buffer.concat([packHeader(1), entry(3, 99, text)])) },
  {
    name: "a delta without its base",
    pack: sealed(Buffer.concat([packHeader(1), entry(7, 4, Buffer.from([9, 1, 1, 65]), absent)])),
  },
  {
    name: "a delta whose base lies before it",
    pack: sealed(Buffer.concat([packHeader(1), entry(6, 4, Buffer.from([9, 1, 1, 65]), Buffer.from([127]))])),
  },
  ...[
    { name: "for another base", delta: [8, 1, 1, 65] },
    { name: "that copies past its base", delta: [9, 9, 0x91, 5, 9] },
    { name: "that makes more than it says", delta: [9, 1, 2, 65, 66] },
    { name: "that makes less than it says", delta: [9, 2, 1, 65] },
    { name: "that ends early", delta: [9, 5, 5, 65] },
    { name: "with a reserved instruction", delta: [9, 1, 0] },
  ].map(({ name, delta }) => {
    const first = entry(3, text.length, text);
    return {
      name: `a delta ${name}`,
      pack: sealed(
        Buffer.concat([packHeader(2), first, entry(6, delta.length, Buffer.from(delta), Buffer.from([first.length]))]),
      ),
    };
  }),
];
for (const { name, pack } of broken) {
  test(`readPack() refuses a pack with ${name}`, async () => {
    assert.equal((await failure(read(pack))).code, "SOURCE_PROTOCOL");
  });
}

test("readPack() applies a delta that stands before its base", async () => {
  const id = Buffer.from(hashObject({ type: "blob", bytes: text }), "hex");
  const delta = Buffer.from([9, 10, 0x90, 9, 1, 33]);
  const pack = sealed(Buffer.concat([packHeader(2), entry(7, delta.length, delta, id), entry(3, text.length, text)]));
  const objects = await read(pack);
  assert.deepEqual([...objects.values()].map(({ bytes }) => Buffer.from(bytes).toString()).sort(), [
    "some text",
    "some text!",
  ]);
});

const bombs = [
  { name: "an object that inflates to more than a file may have", limits: { maxFileBytes: 1000 }, size: 1001 },
  { name: "objects that inflate to more than fits together", limits: { maxTotalBytes: 1500 }, size: 800 },
];
for (const { name, limits, size } of bombs) {
  test(`readPack() refuses ${name}`, async () => {
    const zeros = entry(3, size, Buffer.alloc(size));
    const error = await failure(read(sealed(Buffer.concat([packHeader(2), zeros, zeros])), limits));
    assert.deepEqual([error.code, error.retry], ["SOURCE_LIMIT", "next-revision"]);
  });
}

test("readPack() refuses a delta whose result is too large, before it makes it", async () => {
  const first = entry(3, text.length, text);
  const huge = Buffer.from([9, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 65]);
  const pack = sealed(Buffer.concat([packHeader(2), first, entry(6, huge.length, huge, Buffer.from([first.length]))]));
  assert.equal((await failure(read(pack))).code, "SOURCE_LIMIT");
});

test("readPack() refuses more objects than a revision may have", async () => {
  assert.equal((await failure(read(sealed(packHeader(0xffffffff))))).code, "SOURCE_LIMIT");
});

test("readPack() ends with its signal", async () => {
  assert.equal((await failure(read(await packOf(), {}, AbortSignal.abort()))).code, "CANCELLED");
});

test("writePack() makes what git and readPack() read", async () => {
  const objects = await read(await packOf());
  const pieces = writePack(
    objects.size,
    (async function* () {
      yield* objects.values();
    })(),
  );
  const pack = Buffer.concat(await Array.fromAsync(pieces));
  assert.deepEqual([...(await read(pack)).keys()].sort(), listed);
  const { length } = await output("git", ["-C", repository.bare, "index-pack", "--strict", "--stdin"], {
    env: gitEnvironment(repository.root),
    input: pack,
  });
  assert.notEqual(length, 0);
});
