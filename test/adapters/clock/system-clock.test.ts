import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";

const clock = systemClock();

test("sleep() lasts at least as long as asked for", async () => {
  const start = clock.monotonicMs();
  await clock.sleep(20, new AbortController().signal);
  assert.ok(clock.monotonicMs() - start >= 19);
});

test("sleep() ends with the signal's reason, also when it would last longer than a timer can", async () => {
  const abort = new AbortController();
  const sleeps = [clock.sleep(60_000, abort.signal), clock.sleep(2 ** 40, abort.signal)];
  abort.abort(new Error("enough"));
  for (const sleep of sleeps) await assert.rejects(sleep, /enough/);
  await assert.rejects(clock.sleep(0, abort.signal), /enough/);
});
