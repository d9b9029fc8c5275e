import assert from "node:assert/strict";
import { test } from "node:test";
import { Wake } from "../../src/agent/wake.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { testClock } from "../support/world.ts";

const calm = new AbortController().signal;

/** A clock whose sleeps last until their signal ends them, as those of a long interval do. */
function longClock(): Clock {
  return {
    ...testClock(),
    sleep: (_ms, signal) =>
      new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
}

test("Wake.wait() ends after its time when nobody rings", async () => {
  const clock = testClock();
  const startedMs = clock.monotonicMs();
  await new Wake().wait(60_000, clock, calm);
  assert.equal(clock.monotonicMs() - startedMs, 60_000);
});

test("Wake.wait() ends as soon as somebody rings", async () => {
  const wake = new Wake();
  const waiting = wake.wait(60_000, longClock(), calm);
  wake.ring();
  await waiting;
});

test("Wake.wait() does not wait when somebody has rung before, and counts many rings as one", async () => {
  const wake = new Wake();
  const clock = testClock();
  const startedMs = clock.monotonicMs();
  wake.ring();
  wake.ring();
  await wake.wait(60_000, clock, calm);
  assert.equal(clock.monotonicMs(), startedMs);
  await wake.wait(60_000, clock, calm);
  assert.equal(clock.monotonicMs() - startedMs, 60_000);
});

test("Wake.wait() ends with its signal, also when somebody has rung", async () => {
  const stop = new AbortController();
  const waiting = new Wake().wait(60_000, longClock(), stop.signal);
  stop.abort(new Error("SIGTERM received"));
  await assert.rejects(waiting, /SIGTERM received/);
  const rung = new Wake();
  rung.ring();
  await assert.rejects(rung.wait(60_000, longClock(), stop.signal), /SIGTERM received/);
});

test("Wake.pause() ends when a person asks, not for whoever rings", async () => {
  const wake = new Wake();
  const clock = testClock();
  const startedMs = clock.monotonicMs();
  wake.ring();
  await wake.pause(60_000, clock, calm);
  assert.equal(clock.monotonicMs() - startedMs, 60_000);
  const pausing = wake.pause(60_000, longClock(), calm);
  wake.ask();
  await pausing;
});

test("Wake.takeRequest() tells once that a person asked", () => {
  const wake = new Wake();
  wake.ring();
  assert.equal(wake.takeRequest(), false);
  wake.ask();
  assert.deepEqual([wake.takeRequest(), wake.takeRequest()], [true, false]);
});
