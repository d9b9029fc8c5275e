import assert from "node:assert/strict";
import { test } from "node:test";
import { applySteps, type Executor } from "../../src/agent/apply.ts";
import { HoldfastError } from "../../src/model/error.ts";
import type { Outcome, Step } from "../../src/plan/step.ts";
import { type FakeCall, type FakeEngine, fakeEngine } from "../support/fake-engine.ts";
import { until } from "../support/until.ts";
import { desiredWorld, testClock } from "../support/world.ts";
import { pullStep, step, stopStep, volumeStep, waitStep } from "./steps.ts";

const calm = new AbortController().signal;

function executor(engine: FakeEngine, more: Partial<Executor> = {}): Executor {
  return { engine, clock: testClock(), parallel: 4, switchFiles: () => Promise.resolve(), ...more };
}

function results(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ step, result }) => `${step.id} ${result}`);
}

/** An Engine whose calls on these targets stay under way until they are let go. */
function holdingEngine(...held: string[]) {
  const gates = new Map(held.map((target) => [target, Promise.withResolvers<void>()]));
  const engine = fakeEngine({ onCall: ({ target }) => gates.get(target)?.promise });
  const isUnderWay = (target: string) => engine.calls.some((call) => call.target === target);
  return { engine, isUnderWay, letGo: (target: string) => gates.get(target)!.resolve() };
}

/** An Engine whose call on one target fails. */
function failingEngine(target: string): FakeEngine {
  return fakeEngine({
    onCall: (call) => {
      if (call.target === target) throw new Error("no space left on device");
    },
  });
}

/** An Engine that runs `web` with an unknown process: its health check never passes nor fails. */
function startingEngine(onCall?: (call: FakeCall) => void) {
  const engine = fakeEngine({ onCall });
  const { spec } = desiredWorld({ services: { web: {} } }).services.get("web")!;
  engine.host.addImage(spec.image);
  engine.host.addNetwork(desiredWorld({ services: {} }).networks.get("default")!.spec);
  const id = engine.host.run("web", spec);
  return { id, engine: { ...engine, inspectState: startingState(engine) } as FakeEngine };
}

function startingState(engine: FakeEngine): FakeEngine["inspectState"] {
  return async (id, signal) => ({ ...await engine.inspectState(id, signal), health: "starting" });
}

/** An Engine on which a port is still taken for the first starts, as 20.10 has it right after a stop. */
function engineThatFreesPortsLate(refusals: number) {
  let starts = 0;
  const engine = fakeEngine();
  const startContainer: FakeEngine["startContainer"] = () => {
    starts++;
    if (starts > refusals) return Promise.resolve(true);
    const message = "Bind for 0.0.0.0:80 failed: port is already allocated";
    return Promise.reject(new HoldfastError("PORT_TAKEN", message, { retry: "backoff", hint: "free it" }));
  };
  return { engine: { ...engine, startContainer } as FakeEngine, starts: () => starts };
}

const takeOver = step("container.start web", { kind: "container.start", container: { id: "a" }, takesOverPort: true });

test("applySteps() tries a start again while the port that it takes over is not free yet", async () => {
  const { engine, starts } = engineThatFreesPortsLate(3);
  const [outcome] = await applySteps([takeOver], executor(engine), calm);
  assert.deepEqual([outcome!.result, starts()], ["done", 4]);
});

test("applySteps() gives up a port that does not become free, and does not wait for a stranger's", async () => {
  const late = engineThatFreesPortsLate(Infinity);
  const [outcome] = await applySteps([takeOver], executor(late.engine), calm);
  assert.deepEqual([outcome!.result, outcome!.error?.code], ["failed", "PORT_TAKEN"]);
  const other = engineThatFreesPortsLate(Infinity);
  await applySteps([{ ...takeOver, takesOverPort: undefined } as Step], executor(other.engine), calm);
  assert.equal(other.starts(), 1);
});

test("applySteps() starts a step only when all that it needs is done", async () => {
  const { engine, isUnderWay, letGo } = holdingEngine("a", "b");
  const steps = [volumeStep("a"), volumeStep("b"), volumeStep("c", ["a", "b"])];
  const applied = applySteps(steps, executor(engine), calm);
  await until("both to be under way", () => isUnderWay("a") && isUnderWay("b"));
  const seen: string[] = [];
  letGo("a");
  await until("a to be made", () => engine.host.hasVolume("a"));
  if (isUnderWay("c")) seen.push("c began before b was done");
  letGo("b");
  assert.deepEqual(results(await applied), ["a done", "b done", "c done"]);
  assert.deepEqual(seen, []);
});

test("applySteps() runs independent steps side by side, and never more than `parallel`", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const { engine, isUnderWay, letGo } = holdingEngine(...names);
  const applied = applySteps(names.map((name) => volumeStep(name)), executor(engine, { parallel: 2 }), calm);
  const underWay = () => names.filter(isUnderWay);
  await until("two to be under way", () => underWay().length === 2);
  for (const [done, name] of names.entries()) {
    assert.equal(underWay().length, Math.min(done + 2, names.length));
    letGo(name);
    await until("the next to be under way", () => underWay().length >= Math.min(done + 3, names.length));
  }
  assert.deepEqual(results(await applied), names.map((name) => `${name} done`));
});

test("applySteps() skips what needs a failed step, however far down, and nothing else", async () => {
  const steps = [
    volumeStep("a"),
    volumeStep("b", ["a"]),
    volumeStep("c", ["b"]),
    volumeStep("d"),
    volumeStep("e", ["d"]),
  ];
  const outcomes = await applySteps(steps, executor(failingEngine("a")), calm);
  assert.deepEqual(results(outcomes), ["a failed", "b skipped", "c skipped", "d done", "e done"]);
  assert.match(outcomes[0]!.error!.message, /no space left on device/);
  assert.match(outcomes[1]!.error!.message, /"a"/);
  assert.match(outcomes[2]!.error!.message, /"b"/);
});

test("applySteps() tells of every step when it starts and when it is over", async () => {
  const told: string[] = [];
  const telling = executor(failingEngine("b"), {
    onStart: ({ id }) => void told.push(`${id} starts`),
    onOutcome: ({ step: { id }, result }) => void told.push(`${id} ${result}`),
  });
  await applySteps([volumeStep("a"), volumeStep("b", ["a"]), volumeStep("c", ["b"])], telling, calm);
  assert.deepEqual(told, ["a starts", "a done", "b starts", "b failed", "c skipped"]);
});

test("applySteps() gives the container that an earlier step created to those that name it", async () => {
  const engine = fakeEngine();
  const { services, networks } = desiredWorld({
    services: { db: {}, web: { networkMode: "service:db", networks: [] } },
  });
  engine.host.addNetwork(networks.get("default")!.spec);
  const create = (key: string, peers: Record<string, { created: string }>, needs: string[] = []): Step => {
    const { spec, name } = services.get(key)!;
    engine.host.addImage(spec.image);
    return step(`create ${key}`, { kind: "container.create", name, spec, labels: {}, peers }, needs);
  };
  const start = (key: string, needs: string[]): Step =>
    step(`start ${key}`, { kind: "container.start", container: { created: `create ${key}` } }, needs);
  const outcomes = await applySteps(
    [
      create("db", {}),
      start("db", ["create db"]),
      create("web", { db: { created: "create db" } }, ["create db"]),
      start("web", ["create web", "start db"]),
    ],
    executor(engine),
    calm,
  );
  assert.deepEqual(outcomes.filter(({ result }) => result !== "done"), []);
  const { containers } = await engine.observe(
    {
      project: "",
      containerNames: ["demo-db-1", "demo-web-1"],
      networkNames: [],
      volumeNames: [],
      images: [],
      full: true,
    },
    calm,
  );
  const [db, web] = containers;
  assert.deepEqual([db!.state.status, web!.state.status], ["running", "running"]);
  assert.equal(web!.spec.networkMode, `container:${db!.id}`);
});

test("applySteps() finishes the call under way when it is asked to stop, and skips what it had not started", async () => {
  const { engine, isUnderWay, letGo } = holdingEngine("a");
  const stop = new AbortController();
  const applied = applySteps([volumeStep("a"), volumeStep("b", ["a"])], executor(engine), stop.signal);
  await until("a to be under way", () => isUnderWay("a"));
  stop.abort(new Error("SIGTERM received"));
  letGo("a");
  const outcomes = await applied;
  assert.deepEqual(results(outcomes), ["a done", "b skipped"]);
  assert.equal(engine.host.hasVolume("a"), true);
  assert.equal(outcomes[1]!.error!.code, "CANCELLED");
});

test("applySteps() ends pulls and waits at once when it is asked to stop, and blames nobody for it", async () => {
  const stop = new AbortController();
  const aborted = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  const { engine, id } = startingEngine(({ method }) => method === "pullImage" ? aborted : undefined);
  engine.host.publishImage("big:1");
  const applied = applySteps([pullStep("big:1"), waitStep(id), stopStep(id, ["big:1"])], executor(engine), stop.signal);
  await until("the pull to be under way", () => engine.calls.some(({ method }) => method === "pullImage"));
  stop.abort(new Error("SIGTERM received"));
  const outcomes = await applied;
  assert.deepEqual(results(outcomes), ["big:1 skipped", `wait ${id} skipped`, `stop ${id} skipped`]);
  assert.deepEqual(outcomes.slice(0, 2).map(({ error }) => error!.code), ["CANCELLED", "CANCELLED"]);
});
