import assert from "node:assert/strict";
import { test } from "node:test";
import { runDeployment } from "../../src/agent/loop.ts";
import { Passes } from "../../src/agent/passes.ts";
import { Wake } from "../../src/agent/wake.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { until } from "../support/until.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const intervalMs = 60_000;
const good: Files = {
  "holdfast.yaml": "project: demo\nverify: { running: 0s, timeout: 5s }\n",
  "compose.yaml": "services: { web: { image: example/web:1 } }\n",
};

/** A clock on which nothing goes on until the test ends the sleep. */
class HeldClock implements Clock {
  #sleeps: { readonly ms: number; readonly end: () => void }[] = [];
  readonly now = (): Date => new Date("2026-01-02T03:04:05Z");
  #ms = 0;
  readonly monotonicMs = (): number => this.#ms;
  readonly random: () => number;

  /** @param random what the clock's random numbers all are */
  constructor(random: number) {
    this.random = () => random;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleep = { ms, end: resolve };
      this.#sleeps.push(sleep);
      signal.addEventListener("abort", () => {
        this.#sleeps = this.#sleeps.filter((other) => other !== sleep);
        reject(signal.reason);
      }, { once: true });
    });
  }

  /** Waits until the loop sleeps. @returns for how long it wants to */
  async pause(): Promise<number> {
    return await until("the loop to sleep", () => this.#sleeps.at(-1)?.ms);
  }

  /** Ends the sleep that the loop is in. */
  async pass(): Promise<number> {
    const ms = await this.pause();
    const [sleep] = this.#sleeps.splice(-1);
    this.#ms += ms;
    sleep!.end();
    return ms;
  }
}

interface Loop extends AsyncDisposable {
  readonly world: MemoryDeployment;
  readonly clock: HeldClock;
  readonly wake: Wake;
  readonly passes: Passes;
}

/** A loop that runs until the end of the test. */
function startLoop(files: Files, prepare: (world: MemoryDeployment) => void = () => {}, random = 0): Loop {
  const clock = new HeldClock(random);
  const world = memoryDeployment({ ports: { clock }, intervalMs });
  world.engine.host.publishImage("example/web:1");
  world.push(files);
  prepare(world);
  const stop = new AbortController();
  const wake = new Wake();
  const passes = new Passes();
  const ended = runDeployment(world.deployment, { wake, passes }, stop.signal).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    world,
    clock,
    wake,
    passes,
    [Symbol.asyncDispose]: () => {
      stop.abort(new Error("the test is over"));
      return ended;
    },
  };
}

test("runDeployment() passes once every interval while nothing happens", async () => {
  await using loop = startLoop(good);
  assert.equal(await loop.clock.pass(), intervalMs);
  assert.equal(await loop.clock.pass(), intervalMs);
  await until("the third pass", () => loop.world.counts.resolve === 3);
  assert.equal(loop.world.ledger().verified, true);
});

test("runDeployment() tells of nothing in a quiet pass", async () => {
  await using loop = startLoop(good);
  await loop.clock.pass();
  const told = loop.world.journal.length;
  await loop.clock.pass();
  await loop.clock.pause();
  assert.deepEqual(loop.world.journal.slice(told).filter((line) => !line.startsWith("debug ")), []);
});

test("runDeployment() passes at once when it is woken", async () => {
  await using loop = startLoop(good);
  await loop.clock.pause();
  loop.wake.ring();
  await until("the second pass", () => loop.world.counts.resolve === 2);
});

test("runDeployment() corrects drift as soon as the Engine tells of it", async () => {
  await using loop = startLoop(good);
  await loop.clock.pass();
  await loop.clock.pause();
  const calls = loop.world.engine.calls.length;
  loop.world.engine.host.exit("demo-web-1");
  await until("the burst of events to settle", async () => await loop.clock.pause() < intervalMs);
  await loop.clock.pass();
  await until(
    "the container to be started",
    () => loop.world.engine.calls.slice(calls).some(({ method }) => method === "startContainer"),
  );
});

test("runDeployment() pauses longer and longer while the git server is down, and no longer once it answers", async () => {
  await using loop = startLoop(good, (world) => world.setSource("down"));
  const pauses = [];
  for (let failures = 0; failures < 11; failures++) pauses.push(await loop.clock.pass());
  const seconds = pauses.map((ms) => ms / 1000);
  assert.deepEqual(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  loop.world.setSource("up");
  await loop.clock.pass();
  assert.equal(await loop.clock.pause(), intervalMs);
});

test("runDeployment() draws out every pause by chance, by a tenth at most: many hosts do not ask at one moment", async () => {
  await using loop = startLoop(good, () => {}, 0.5);
  assert.equal(await loop.clock.pause(), intervalMs * 1.05);
  loop.world.setSource("down");
  await loop.clock.pass();
  const pauses = [];
  for (let failures = 0; failures < 10; failures++) pauses.push(await loop.clock.pass());
  assert.deepEqual(pauses.map((ms) => ms / 1050), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
});

test("runDeployment() corrects drift at once also while the git server is down", async () => {
  await using loop = startLoop(good);
  await loop.clock.pass();
  loop.world.setSource("down");
  await loop.clock.pass();
  await until("a pass without git", () => loop.world.journal.some((line) => line.includes("SOURCE_UNREACHABLE")));
  await loop.clock.pause();
  loop.world.engine.host.exit("demo-web-1");
  await until("the burst of events to settle", async () => await loop.clock.pause() < 1000);
  await loop.clock.pass();
  await until("the drift to be told", () => loop.world.journal.some((line) => line.includes("drifted")));
});

test("runDeployment() is not woken by what its own failed pass did to the host", async () => {
  const stuck = { behaviour: { kind: "fails", message: "exec format error" } } as const;
  await using loop = startLoop(good, (world) => world.engine.host.publishImage("example/web:1", stuck));
  await loop.clock.pass(); // the Engine's events are heard from here on
  await until("the second failure", () => loop.world.counts.resolve === 2);
  assert.equal(await loop.clock.pause(), 2000);
  loop.world.engine.host.rename("demo-web-1", "other");
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([await loop.clock.pause(), loop.world.counts.resolve], [2000, 2]);
});

test("runDeployment() passes at once when a person asks, also in the pause after a failed pass", async () => {
  const stuck = { behaviour: { kind: "fails", message: "exec format error" } } as const;
  await using loop = startLoop(good, (world) => world.engine.host.publishImage("example/web:1", stuck));
  await loop.clock.pause();
  const next = loop.passes.next;
  loop.wake.ask();
  assert.deepEqual((await next).outcomes.map(({ result }) => result).includes("failed"), true);
  assert.equal(loop.world.counts.resolve, 2);
});

test("runDeployment() gives who waits the report of a pass that began afterwards, and keeps the last one", async () => {
  await using loop = startLoop(good);
  await loop.clock.pause();
  const first = loop.passes.last;
  const next = loop.passes.next;
  loop.wake.ask();
  const report = await next;
  assert.equal(loop.passes.last, report);
  assert.notEqual(report, first);
});

test("Passes keeps the last report that had something to say", async () => {
  await using loop = startLoop(good);
  await loop.clock.pass();
  await until("a quiet pass", () => loop.passes.last !== loop.passes.lastWithNews);
  assert.ok(loop.passes.lastWithNews!.outcomes.length > 0);
  await loop.clock.pause();
  loop.world.setSource("down");
  await loop.clock.pass();
  await until("a failure to be told", () => loop.passes.lastWithNews?.error?.code === "SOURCE_UNREACHABLE");
});

test("runDeployment() does not send a refused token again before the interval, whatever wakes it; a person does", async () => {
  await using loop = startLoop(good);
  await loop.clock.pass();
  await loop.clock.pause();
  loop.world.setSource("denied");
  await loop.clock.pass();
  await until("the refusal", () => loop.world.counts.resolve === 3);
  assert.equal(await loop.clock.pause(), intervalMs);
  for (const name of ["demo-web-1", "demo-web-1"]) {
    const told = loop.world.journal.length;
    loop.world.engine.host.exit(name);
    await until("the burst of events to settle", async () => await loop.clock.pause() < 1000);
    await loop.clock.pass();
    await until(
      "the drift to be mended",
      () => loop.world.journal.slice(told).some((line) => line.includes("drifted")),
    );
    while (await loop.clock.pause() < 1000) await loop.clock.pass(); // its own events settle
  }
  assert.equal(loop.world.counts.resolve, 3);
  loop.wake.ask();
  await until("the person's question", () => loop.world.counts.resolve === 4);
});

test("runDeployment() asks again after the interval, and not before the time that a server names", async () => {
  await using loop = startLoop(good);
  await loop.clock.pass();
  await loop.clock.pause();
  loop.world.setSource("busy"); // asks for two hundred seconds
  await loop.clock.pass();
  await until("the refusal", () => loop.world.counts.resolve === 3);
  assert.equal(await loop.clock.pass(), 200_000);
  await until("the next question", () => loop.world.counts.resolve === 4);
});

test("runDeployment() ends with its signal", async () => {
  const loop = startLoop(good);
  await loop.clock.pause();
  await loop[Symbol.asyncDispose]();
});
