import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { gitSource } from "../../../src/adapters/git/git-source.ts";
import { workerIsolation, type WorkerLimits, workerLimits } from "../../../src/adapters/worker/worker-isolation.ts";
import type { Deployment } from "../../../src/agent/deployment.ts";
import { isolatedLoader } from "../../../src/agent/isolated-revision.ts";
import { type PreparedRevision, prepareRevision } from "../../../src/agent/prepare.ts";
import { Revisions } from "../../../src/agent/revisions.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { createRepository } from "../../support/repository.ts";
import { tempFolder } from "../../support/temp.ts";
import { testKey } from "../../support/world.ts";

const calm = new AbortController().signal;
const repository = await createRepository();
after(() => repository.dispose());
const temp = tempFolder("isolated");
after(() => temp.dispose());

const compose = `services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
    environment: { A: "1", B: "\${UNSET:-x}" }
    volumes: ["./web.conf:/etc/nginx/web.conf:ro", "data:/data"]
    depends_on: [db]
  db: { image: "postgres:17", x-note: [1, 2] }
volumes: { data: {} }
`;

/** A deployment whose revisions are loaded in a worker, and its store. */
async function deploymentOf(limits: WorkerLimits = workerLimits) {
  const storeFolder = join(temp.path, `${limits.heapMegabytes}`);
  const source = gitSource({ repository: `${repository.root}/deployment.git`, ref: "main", storeFolder });
  const tip = await source.resolve(calm);
  await source.fetch(tip, calm);
  let started = 0;
  const isolation = workerIsolation(new URL("../../../src/wire-worker.ts", import.meta.url), limits);
  const counted: typeof isolation = { run: (task, signal) => (started++, isolation.run(task, signal)) };
  const load = isolatedLoader({ isolation: counted, storeFolder, secrets: () => Promise.resolve({}) });
  const folders = { checkout: "/srv/demo", keys: "/run/demo/keys", secrets: "/run/demo/secrets" };
  const deployment = {
    config: { name: "demo", path: ".", checkout: "/srv/demo" },
    digestKey: testKey,
    revisions: new Revisions(load),
    ports: {
      source,
      hostFiles: { folders },
      keyring: { fingerprint: () => Promise.resolve("none") },
      clock: { now: () => new Date(0) },
    },
  } as unknown as Deployment;
  return { deployment, commit: tip.commit, started: () => started };
}

/** What can be compared: functions are asked below. */
function data({ manifest, desired, ...rest }: PreparedRevision): unknown {
  return { ...rest, manifest: { ...manifest, positionOf: 0 }, desired: { ...desired, positionOf: 0 } };
}

test("a revision that a worker loaded is what this thread would have loaded", async () => {
  await repository.commit({ "compose.yaml": compose, "web.conf": "listen 80;\n" });
  const { deployment, commit, started } = await deploymentOf();
  const isolated = await deployment.revisions.prepare(deployment, commit, calm);
  const open = () => Promise.reject(new Error("there are no keys"));
  const here = await prepareRevision(deployment, { commit, open }, calm);
  assert.deepEqual(plain(data(isolated)), plain(data(here)));
  for (
    const path of ["services.web.ports[0]", "services.web.environment.B", "services.db.x-note[1]", "services.nobody.a"]
  ) {
    assert.deepEqual(isolated.desired.positionOf(path), here.desired.positionOf(path), path);
  }
  await deployment.revisions.prepare(deployment, commit, calm);
  await deployment.revisions.judge(deployment, isolated, calm);
  assert.equal(started(), 1, "a quiet pass starts no worker");
});

test("a revision that takes too much is invalid, and is not tried again", async () => {
  const noise = Array.from({ length: 5800 }, (_, i) => `  s${i}: {image: "x:${i}", volumes: ["./d${i}:/data"]}`);
  await repository.commit({ "compose.yaml": `services:\n${noise.join("\n")}\n`.slice(0, 500_000) });
  const { deployment, commit, started } = await deploymentOf({ ...workerLimits, heapMegabytes: 24, seconds: 20 });
  for (let time = 1; time <= 2; time++) {
    await assert.rejects(deployment.revisions.prepare(deployment, commit, calm), (error) => {
      assert.ok(error instanceof HoldfastError);
      assert.equal(error.code, "REVISION_INVALID");
      assert.match(error.message, /^Cannot load revision [0-9a-f]{7}: it takes more than (24 MB of memory|20 s)$/);
      return error.retry === "next-revision";
    });
    assert.equal(started(), 1);
  }
});

/** Buffers of Node are arrays of bytes on the other side. */
function plain(value: unknown): unknown {
  return structuredClone(value);
}
