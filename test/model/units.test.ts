import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration, parseDurationMs } from "../../src/model/units.ts";

const durations: Record<string, number | undefined> = {
  "60s": 60_000,
  "1h30m": 5_400_000,
  "1.5s": 1500,
  "500ms": 500,
  "1m30s500ms": 90_500,
  "250us": 0.25,
  "2d": 172_800_000,
  "0": 0,
  "60": undefined,
  "": undefined,
  "s": undefined,
  "5 m": undefined,
  "-5s": undefined,
  "1h x": undefined,
  "1y": undefined,
};
test("parseDuration() takes a sign, and nothing longer than 64 bits of nanoseconds hold", () => {
  assert.deepEqual(["-5s", "+1ms", "-0", "300y", "106751d", "106752d"].map(parseDuration), [
    -5_000_000_000n,
    1_000_000n,
    0n,
    undefined,
    9_223_286_400_000_000_000n,
    undefined,
  ]);
});

for (const [text, ms] of Object.entries(durations)) {
  test(`parseDurationMs() makes ${ms ?? "nothing"} of "${text}"`, () => assert.equal(parseDurationMs(text), ms));
}
