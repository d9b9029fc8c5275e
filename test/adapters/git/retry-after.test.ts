import assert from "node:assert/strict";
import { test } from "node:test";
import { retryAfter } from "../../../src/adapters/git/http-answers.ts";

const nowMs = Date.parse("2026-01-02T03:04:05Z");
const cases: readonly (readonly [string | undefined, number | undefined])[] = [
  [undefined, undefined],
  ["120", 120_000],
  ["Fri, 02 Jan 2026 03:05:05 GMT", 60_000],
  ["Fri, 02 Jan 2026 03:00:00 GMT", undefined],
  ["99999999", 3_600_000],
  ["soon", undefined],
];
for (const [header, ms] of cases) {
  test(`retryAfter() takes ${JSON.stringify(header)} for ${ms} ms`, () => assert.equal(retryAfter(header, nowMs), ms));
}
