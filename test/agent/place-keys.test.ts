import assert from "node:assert/strict";
import { test } from "node:test";
import { applyOnce } from "../../src/agent/one-pass.ts";
import { placeAllKeys } from "../../src/agent/place-keys.ts";
import { Revisions } from "../../src/agent/revisions.ts";
import { type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;
const files = {
  "holdfast.yaml": "project: demo\nkeys: { bundle: keys.gpg, into: keys }\nverify: { running: 0s, timeout: 5s }\n",
  "compose.yaml": "services: { web: { image: example/web:1 } }\n",
  "keys.gpg": JSON.stringify({ "api.key": "the key" }),
};

async function applied(): Promise<MemoryDeployment> {
  const world = memoryDeployment();
  world.engine.host.publishImage("example/web:1");
  world.push(files);
  await applyOnce(world.deployment, calm);
  return world;
}

/** As it is after a boot: a new process, an empty tmpfs, no git server and no Engine. */
function booted(world: MemoryDeployment) {
  const placed: string[] = [];
  const { ports, config } = world.deployment;
  const absent = () => Promise.reject(new Error("it must not be asked"));
  const hostFiles: typeof ports.hostFiles = {
    ...ports.hostFiles,
    placeCheckout: absent,
    placeKeys: (keys, into) => {
      placed.push(...keys.map(({ path }) => `${into}/${path}`));
      return Promise.resolve();
    },
  };
  const source = { ...ports.source, resolve: absent, fetch: absent };
  const engine = new Proxy(ports.engine, { get: () => absent });
  const deployment = {
    ...world.deployment,
    config,
    revisions: new Revisions(),
    ports: { ...ports, hostFiles, source, engine },
  };
  return { deployment, placed };
}

test("placeAllKeys() places the keys of the applied revision, without network and Engine", async () => {
  const world = await applied();
  world.push({ ...files, "keys.gpg": JSON.stringify({ "new.key": "not applied yet" }) });
  const { deployment, placed } = booted(world);
  assert.equal(await placeAllKeys([deployment], calm), "placed");
  assert.deepEqual(placed, ["keys/api.key"]);
  assert.match(world.journal.at(-1)!, /^info 1 key and 0 secrets of [0-9a-f]{7} placed$/);
});

test("placeAllKeys() places nothing where nothing was applied, and in mode report", async () => {
  const fresh = booted(memoryDeployment());
  await placeAllKeys([fresh.deployment], calm);
  const world = booted(await applied());
  const config = { ...world.deployment.config, mode: "report" as const };
  await placeAllKeys([{ ...world.deployment, config }], calm);
  assert.deepEqual([fresh.placed, world.placed], [[], []]);
});

test("placeAllKeys() places the keys of others where one deployment's do not open, and says so", async () => {
  const closed = await applied();
  closed.setPassphrase("wrong");
  const open = booted(await applied());
  assert.equal(await placeAllKeys([booted(closed).deployment, open.deployment], calm), "failed");
  assert.deepEqual(open.placed, ["keys/api.key"]);
  assert.ok(closed.journal.some((line) => /^error .*\(KEYS_DECRYPT\)$/.test(line)));
});
