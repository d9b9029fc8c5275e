import assert from "node:assert/strict";
import { test } from "node:test";
import { alignColumns, formatAge, formatBytes, formatDuration, plural } from "../../src/report/words.ts";

const durations: readonly (readonly [number, string])[] = [
  [0, "0 ms"],
  [412.4, "412 ms"],
  [6240, "6.2 s"],
  [59_949, "59.9 s"],
  [59_950, "1 min"],
  [185_000, "3 min 5 s"],
  [3_600_000, "1 h"],
  [7_440_000, "2 h 4 min"],
];
for (const [milliseconds, text] of durations) {
  test(`formatDuration() says ${text}`, () => assert.equal(formatDuration(milliseconds), text));
}

const ages: readonly (readonly [number, string])[] = [[-5, "0 s"], [59_999, "59 s"], [60_000, "1 min"], [
  86_400_000,
  "24 h",
], [172_800_000, "2 d"]];
for (const [milliseconds, text] of ages) {
  test(`formatAge() says ${text}`, () => assert.equal(formatAge(milliseconds), text));
}

test("formatBytes() is exact or has one decimal", () => {
  assert.deepEqual([1, 1024, 536_870_912, 1_610_612_736, 2000].map(formatBytes), [
    "1 B",
    "1 KiB",
    "512 MiB",
    "1.5 GiB",
    "2.0 KiB",
  ]);
});

test("plural() knows one from many", () => {
  assert.deepEqual([0, 1, 2].map((count) => plural(count, "error")), ["0 errors", "1 error", "2 errors"]);
});

test("alignColumns() pads every column but the last, which ends the line", () => {
  assert.deepEqual(alignColumns([["a", "bb", "c"], ["aaa", "b", ""]]), ["a    bb  c", "aaa  b"]);
});
