import assert from "node:assert/strict";
import { test } from "node:test";
import { boundedTail } from "../../src/model/log-tail.ts";
import { maskAssignments } from "../../src/model/secrets.ts";

test("boundedTail() keeps the last lines, bounded in count, in length and in all", () => {
  const many = boundedTail(Array.from({ length: 50 }, (_, n) => `line ${n}`), (line) => line);
  assert.deepEqual([many.lines.length, many.lines[0], many.lines.at(-1)], [20, "line 30", "line 49"]);
  const long = boundedTail(Array.from({ length: 20 }, () => "x".repeat(2000)), (line) => line);
  assert.ok(long.lines.join("").length <= 4000);
  assert.ok(long.lines.every((line) => line.length <= 402));
});

test("boundedTail() masks before it cuts, so that no half of a secret is left", () => {
  const line = `${"x".repeat(396)} hunter2hunter2`;
  const { lines } = boundedTail([line], (text) => text.replaceAll("hunter2hunter2", "‹masked›"));
  assert.doesNotMatch(lines[0]!, /hun/);
});

const masked: readonly (readonly [string, string])[] = [
  ["password=hunter22 user=ops", "password=‹masked› user=ops"],
  ['{"apiToken": "abcdefgh", "n": 1}', '{"apiToken": "‹masked›", "n": 1}'],
  ["connect mongodb://root:pw1@db/x failed", "connect mongodb://root:‹masked›@db/x failed"],
  ["Authorization: Bearer abcdefghijkl", "Authorization: Bearer ‹masked›"],
  ["listening on port=8080", "listening on port=8080"],
];
for (const [line, shown] of masked) {
  test(`maskAssignments() shows ${shown}`, () => assert.equal(maskAssignments(line), shown));
}
