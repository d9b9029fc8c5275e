import assert from "node:assert/strict";
import { test } from "node:test";
import { applyOnce } from "../../src/agent/one-pass.ts";
import type { Deployment } from "../../src/agent/deployment.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";
import { rewritingEngine, withContainer } from "./rewriting-engine.ts";

const calm = new AbortController().signal;
const files: Files = {
  "holdfast.yaml": "project: demo\nverify: { running: 0s, timeout: 5s }\n",
  "compose.yaml": "services: { web: { image: example/web:1 } }\n",
};

function worldWith(pushed: Files = files): MemoryDeployment {
  const world = memoryDeployment();
  world.engine.host.publishImage("example/web:1");
  world.push(pushed);
  return world;
}

/** The same deployment on an Engine whose looks come out changed. */
function rewriting({ deployment, engine }: MemoryDeployment, rewrite: (observed: ObservedState) => ObservedState) {
  return { ...deployment, ports: { ...deployment.ports, engine: rewritingEngine(engine, rewrite) } } as Deployment;
}

test("a pass is converged only if the host, looked at after its steps, is what git says; the rest is told", async () => {
  const world = worldWith();
  const paused = rewriting(
    world,
    (observed) => withContainer(observed, "demo-web-1", ({ state }) => ({ state: { ...state, status: "paused" } })),
  );
  const report = await applyOnce(paused, calm);
  assert.deepEqual([report.health?.passed, report.converged], [true, false]);
  assert.deepEqual(report.left?.map(({ resource, action }) => `${resource} ${action}`), ["service/web unpause"]);
  const told = world.journal.findIndex((line) => line === "warning still differs after the pass:");
  assert.match(world.journal[told + 1]!, /! service\/web +drifted +paused on the host/);
});

test("a quiet pass looks once, one that acted once more after its steps", async () => {
  const world = worldWith();
  const looks = async (): Promise<number> => {
    const before = world.engine.calls.length;
    await applyOnce(world.deployment, calm);
    return world.engine.calls.slice(before).filter(({ method }) => method === "observe").length;
  };
  assert.equal(await looks(), 3); // before the steps, before the verification, after all
  assert.equal(await looks(), 1);
});

test("what goes on by itself after a pass is no difference: a health check that has begun, a job that has ended", async () => {
  const job = "job: { image: example/job:1 }";
  const check = "healthcheck: { test: [CMD, probe] }";
  const world = worldWith({
    ...files,
    "compose.yaml": `services: { web: { image: example/web:1, ${check} }, ${job} }\n`,
  });
  world.engine.host.publishImage("example/job:1", { behaviour: { kind: "exits", exitCode: 0 } });
  const report = await applyOnce(
    rewriting(
      world,
      (observed) => withContainer(observed, "demo-web-1", ({ state }) => ({ state: { ...state, health: "starting" } })),
    ),
    calm,
  );
  assert.deepEqual([report.left, report.converged], [[], true]);
});

test("the ids of what a pass made are kept in the ledger, and those that are gone are let go", async () => {
  const world = worldWith();
  await applyOnce(world.deployment, calm);
  const ids = () => Object.keys(world.ledger().inventory.made ?? {});
  const [first] = world.engine.host.names().keys();
  assert.equal(ids().includes(first!), true);
  world.engine.host.remove("demo-web-1");
  await applyOnce(world.deployment, calm);
  assert.deepEqual([ids().length, ids().includes(first!)], [2, false]); // the network, and the new container
});
