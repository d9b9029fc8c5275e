import assert from "node:assert/strict";
import { test } from "node:test";
import { controlledAgent } from "../../src/agent/control.ts";
import { Service } from "../../src/agent/service.ts";
import type { Tip } from "../../src/ports/source.ts";
import type { Supervisor } from "../../src/ports/supervisor.ts";
import { until } from "../support/until.ts";
import { type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;
const running = { pid: 812, version: "0.1.0", commit: "ab".repeat(20), startedAt: "2026-01-02T03:04:05Z" };

function pushed(): MemoryDeployment {
  const world = memoryDeployment();
  world.engine.host.publishImage("example/web:1");
  world.push({
    "holdfast.yaml": "project: demo\nverify: { running: 0s, timeout: 5s }\n",
    "compose.yaml": "services: { web: { image: example/web:1 } }\n",
  });
  return world;
}

/** A service over one deployment that runs until the end of the test, and what its supervisor heard. */
function startService(world: MemoryDeployment) {
  const told: string[] = [];
  const supervisor: Supervisor = {
    watchdogMs: 30_000,
    ready: () => void told.push("ready"),
    progress: () => void told.push("progress"),
    status: (text) => void told.push(text),
    stopping: () => (told.push("stopping"), Promise.resolve()),
  };
  const deployments = [world.deployment];
  const service = new Service(deployments, supervisor);
  const stop = new AbortController();
  const ended = service.run(stop.signal);
  const agent = controlledAgent({ deployments, loops: service.loops, running, plan: () => Promise.resolve([]) });
  return {
    told,
    agent,
    ended,
    [Symbol.asyncDispose]: () => {
      stop.abort(new Error("the test is over"));
      return ended.catch(() => {});
    },
  };
}

test("Service tells its supervisor that it is ready, alive, how it goes, and that it ends", async () => {
  const service = startService(pushed());
  assert.equal(service.told[0], "ready");
  await until("the first pass", () => service.told.some((text) => /^demo: converged at [0-9a-f]{7}$/.test(text)));
  assert.ok(service.told.includes("progress"));
  await service[Symbol.asyncDispose]();
  assert.equal(service.told.at(-1), "stopping");
});

test("Service ends with what a defect threw", async () => {
  const world = pushed();
  const defect = new TypeError("x is undefined");
  const broken = { ...world.deployment.ports.clock, sleep: () => Promise.reject(defect) };
  const { ports } = world.deployment;
  const service = startService({ ...world, deployment: { ...world.deployment, ports: { ...ports, clock: broken } } });
  await assert.rejects(service.ended, defect);
});

test("the running agent tells its status and last report, and does a pass when asked", async () => {
  await using service = startService(pushed());
  const { agent } = service;
  assert.deepEqual(agent.reports(undefined), []);
  const woken = agent.sync("demo");
  assert.deepEqual(woken.deployments, ["demo"]);
  const [report] = await woken.reports;
  assert.equal(report?.state, "converged");
  assert.equal((await agent.status()).deployments[0]?.state, "converged");
  assert.deepEqual((await agent.status()).agent, running);
  assert.equal(agent.reports("demo").length, 1);
  assert.throws(() => agent.sync("dmeo"), { code: "USAGE", message: /the running agent has demo/ });
  assert.throws(() => agent.reports("dmeo"), { code: "USAGE" });
});

test("the running agent tells of a pass while it goes on: since when, of which revision, and what it does", async () => {
  const world = pushed();
  const { ports } = world.deployment;
  const fetched = Promise.withResolvers<void>();
  const source = { ...ports.source, fetch: (tip: Tip) => fetched.promise.then(() => ports.source.fetch(tip, calm)) };
  await using service = startService({ ...world, deployment: { ...world.deployment, ports: { ...ports, source } } });
  const running = async () => (await service.agent.status()).deployments[0]?.running;
  assert.deepEqual(await until("the pass to fetch", async () => (await running())?.revision && await running()), {
    startedAt: "2026-01-02T03:04:05.000Z",
    revision: await source.resolve(calm).then(({ commit }) => ({ commit })),
    under: ["fetching"],
  });
  fetched.resolve();
  await until("the pass to end", async () => (await running()) === undefined);
});

test("the running agent tells the state of a deployment that it only reports on", async () => {
  const world = pushed();
  const config = { ...world.deployment.config, mode: "report" as const };
  await using service = startService({ ...world, deployment: { ...world.deployment, config } });
  await service.agent.sync(undefined).reports;
  assert.equal((await service.agent.status()).deployments[0]?.state, "pending");
});
