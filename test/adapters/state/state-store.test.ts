import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { stateStore } from "../../../src/adapters/state/state-store.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { emptyLedger, type Ledger } from "../../../src/model/ledger.ts";
import { onFullDisk } from "../../support/full-disk.ts";
import { tempFolder } from "../../support/temp.ts";

const commit = "4f2c91d0aa4f2c91d0aa4f2c91d0aa4f2c91d0aa";
const ledger: Ledger = {
  version: 1,
  deployment: "mender",
  applied: { commit, tree: commit, at: "2026-01-02T03:04:05Z" },
  attempted: { commit, at: "2026-01-02T03:04:05Z", outcome: "held" },
  placed: [commit],
  highest: commit,
  hold: { commit, kind: "denied", reason: "M01", at: "2026-01-02T03:04:05Z" },
  verified: true,
  inventory: {
    services: { web: { containerId: "c0ffee", digest: "v1:a:b", ran: true } },
    networks: ["n"],
    volumes: [],
    made: { c0ffee: { ulimits: "d16e57" } },
    definitions: { "network/n": { id: "ab", digest: "v1:a:b", fields: { "labels.a": "c" } } },
  },
  corrections: {
    "service/web": {
      ulimits: {
        count: 2,
        id: "c0ffee",
        definition: "d",
        want: "w",
        engine: "e",
        imageId: "i",
        at: "2026-01-02T03:04:05Z",
      },
    },
  },
};

test("readLedger() is empty for a deployment that was never applied", async () => {
  await using folder = tempFolder("state");
  assert.deepEqual(await stateStore(join(folder.path, "state")).readLedger("mender"), emptyLedger("mender"));
  assert.deepEqual(await readdir(folder.path), []);
});

test("writeLedger() keeps everything, in a folder that only its owner may enter", async () => {
  await using folder = tempFolder("state");
  const store = stateStore(join(folder.path, "state"));
  await store.writeLedger(ledger);
  await store.writeLedger({ ...ledger, verified: false });
  assert.deepEqual(await store.readLedger("mender"), { ...ledger, verified: false });
  assert.deepEqual(await readdir(join(folder.path, "state/mender")), ["ledger.json"]);
  assert.equal((await stat(join(folder.path, "state/mender"))).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder.path, "state/mender/ledger.json"))).mode & 0o777, 0o600);
});

test("readLedger() reads the ledger of an older holdfast, which remembered less", async () => {
  await using folder = tempFolder("state");
  const { corrections: _, ...older } = ledger;
  const { made: __, definitions: ___, ...inventory } = ledger.inventory;
  await mkdir(join(folder.path, "mender"));
  await writeFile(join(folder.path, "mender/ledger.json"), JSON.stringify({ ...older, inventory }));
  const read = await stateStore(folder.path).readLedger("mender");
  assert.deepEqual(read, { ...older, inventory: { ...inventory, made: {}, definitions: {} }, corrections: {} });
});

const unreadable = [
  { name: "an empty file", text: "", says: /not JSON/ },
  { name: "half a file", text: JSON.stringify(ledger).slice(0, 80), says: /not JSON/ },
  {
    name: "a newer version",
    text: JSON.stringify({ ...ledger, version: 2 }),
    says: /version is 2, this holdfast reads 1/,
  },
  { name: "null", text: "null", says: /version is undefined/ },
  { name: "a field that this version does not know", text: JSON.stringify({ ...ledger, later: 1 }), says: /later/ },
  { name: "a field of another type", text: JSON.stringify({ ...ledger, verified: "yes" }), says: /verified/ },
  { name: "a short commit", text: JSON.stringify({ ...ledger, highest: "4f2c91d" }), says: /highest/ },
  {
    name: "another deployment's",
    text: JSON.stringify({ ...ledger, deployment: "infra" }),
    says: /of deployment "infra"/,
  },
];
for (const { name, text, says } of unreadable) {
  test(`readLedger() refuses ${name}`, async () => {
    await using folder = tempFolder("state");
    const path = join(folder.path, "mender/ledger.json");
    await mkdir(join(folder.path, "mender"));
    await writeFile(path, text);
    await assert.rejects(stateStore(folder.path).readLedger("mender"), (error) => {
      assert.ok(error instanceof HoldfastError);
      assert.equal(error.code, "STATE_UNREADABLE");
      assert.equal(error.retry, "operator");
      assert.match(error.message, says);
      assert.ok(error.message.includes(path));
      return true;
    });
    assert.equal(await readFile(path, "utf8"), text);
  });
}

test("readLedger() refuses a ledger that is a folder", async () => {
  await using folder = tempFolder("state");
  await mkdir(join(folder.path, "mender/ledger.json"), { recursive: true });
  await assert.rejects(stateStore(folder.path).readLedger("mender"), { code: "STATE_UNREADABLE" });
});

test("readStatus() gives what was written last, and nothing where it cannot be read", async () => {
  await using folder = tempFolder("state");
  const store = stateStore(folder.path);
  assert.equal(await store.readStatus("mender"), undefined);
  await store.writeStatus("mender", "one");
  await store.writeStatus("mender", "two");
  assert.equal(await store.readStatus("mender"), "two");
  await mkdir(join(folder.path, "infra/status.json"), { recursive: true });
  assert.equal(await store.readStatus("infra"), undefined);
});

test("digestKey() is made once, also by several at the same time", async () => {
  await using folder = tempFolder("state");
  const keys = await Promise.all(Array.from({ length: 8 }, () => stateStore(join(folder.path, "state")).digestKey()));
  assert.deepEqual(new Set(keys.map((key) => key.id)).size, 1);
  assert.equal(keys[0]!.bytes.length, 32);
  assert.deepEqual(await readdir(join(folder.path, "state")), ["digest.key"]);
  assert.equal((await stat(join(folder.path, "state/digest.key"))).mode & 0o777, 0o600);
});

test("digestKey() refuses a key that was cut", async () => {
  await using folder = tempFolder("state");
  await writeFile(join(folder.path, "digest.key"), new Uint8Array(31));
  await assert.rejects(stateStore(folder.path).digestKey(), { code: "STATE_UNREADABLE", message: /31 bytes, not 32/ });
});

test("writeLedger() on a full disk says so and keeps the old ledger", async () => {
  const answer = await onFullDisk(new URL("_full-disk.ts", import.meta.url));
  const { code, retry, hint, before, after } = answer as Record<string, string>;
  assert.deepEqual({ code, retry }, { code: "STATE_WRITE", retry: "backoff" });
  assert.match(hint!, /free space/);
  assert.deepEqual(after, before);
});
