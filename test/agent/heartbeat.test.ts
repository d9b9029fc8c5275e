import assert from "node:assert/strict";
import { test } from "node:test";
import { Heartbeat } from "../../src/agent/heartbeat.ts";
import { watchedPorts } from "../../src/agent/watched-ports.ts";
import type { DeploymentPorts } from "../../src/agent/deployment.ts";
import { testClock } from "../support/world.ts";
import { memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;

function counted(loops: readonly string[]) {
  let told = 0;
  const supervisor = {
    watchdogMs: 1000,
    ready: () => {},
    progress: () => void told++,
    status: () => {},
    stopping: () => Promise.resolve(),
  };
  return { heartbeat: new Heartbeat(supervisor, loops), told: () => told };
}

test("Heartbeat tells of progress only when every loop has made some", () => {
  const { heartbeat, told } = counted(["infra", "web"]);
  for (let beats = 0; beats < 5; beats++) heartbeat.beat("infra");
  assert.equal(told(), 0);
  heartbeat.beat("web");
  assert.equal(told(), 1);
  heartbeat.beat("web");
  assert.equal(told(), 1);
  heartbeat.beat("infra");
  assert.equal(told(), 2);
});

/** Ports on the test's clock, and how often they told of progress. */
function watched(ports: Partial<DeploymentPorts>) {
  let beats = 0;
  const world = memoryDeployment({ ports: { clock: testClock(), ...ports } });
  return {
    ports: watchedPorts(world.deployment.ports, { sliceMs: 1000, beat: () => void beats++ }),
    beats: () => beats,
  };
}

test("watchedPorts() beats in slices of a sleep, and at its end", async () => {
  const { ports, beats } = watched({});
  const startedMs = ports.clock.monotonicMs();
  await ports.clock.sleep(2500, calm);
  assert.deepEqual([ports.clock.monotonicMs() - startedMs, beats()], [2500, 3]);
});

test("watchedPorts() ends a sleep with its signal", async () => {
  const stop = new AbortController();
  stop.abort(new Error("SIGTERM received"));
  await assert.rejects(watched({}).ports.clock.sleep(2500, stop.signal), /SIGTERM received/);
});

test("watchedPorts() beats while a call is under way and at its end, and gives its result", async () => {
  let end = (_answered: boolean): void => {};
  const { ports, beats } = watched({
    probe: { connects: () => new Promise((resolve) => end = resolve), asks: () => Promise.resolve({}) },
  });
  const call = ports.probe.connects({ host: "127.0.0.1", port: 80 }, 1000, calm);
  while (beats() < 3) await new Promise((resolve) => setImmediate(resolve));
  end(true);
  assert.equal(await call, true);
});

test("watchedPorts() falls silent about a call that outlasts every limit", async () => {
  const { ports, beats } = watched({
    probe: { connects: () => new Promise(() => {}), asks: () => Promise.resolve({}) },
  });
  void ports.probe.connects({ host: "127.0.0.1", port: 80 }, 1000, calm);
  let before = -1;
  while (beats() > before) {
    before = beats();
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(beats(), 600);
});

test("watchedPorts() leaves a failure to its caller, and takes no progress from the endless watch of events", async () => {
  const refused = new Error("refused");
  const { ports, beats } = watched({
    probe: { connects: () => Promise.reject(refused), asks: () => Promise.resolve({}) },
  });
  await assert.rejects(ports.probe.connects({ host: "127.0.0.1", port: 80 }, 1000, calm), refused);
  await new Promise((resolve) => setImmediate(resolve));
  const before = beats();
  const stop = new AbortController();
  const watching = ports.engine.watch("demo", () => {}, stop.signal);
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(beats(), before);
  stop.abort();
  await watching.catch(() => {});
});
