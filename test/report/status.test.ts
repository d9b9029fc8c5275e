import assert from "node:assert/strict";
import { test } from "node:test";
import { linesText } from "../../src/report/line.ts";
import { factsOf } from "../../src/report/report.ts";
import { stateOf, type Status } from "../../src/report/status.ts";
import { renderStatus } from "../../src/report/status-text.ts";
import { assertGolden } from "../support/golden.ts";
import * as samples from "./samples.ts";

const { applied, newer, denied, wrongPassphrase } = samples;
const now = new Date("2026-11-24T04:00:00Z");
const statuses: readonly Status[] = [
  {
    deployment: "infra",
    state: "converged",
    since: "2026-11-20T04:00:00Z",
    applied: { ...applied, at: "2026-11-20T04:00:00Z" },
    tip: applied,
    lastPollAt: "2026-11-24T03:59:42Z",
  },
  {
    deployment: "mender-production",
    state: "held",
    since: "2026-11-24T03:12:09Z",
    applied: { commit: applied.commit, at: "2026-11-20T04:00:00Z" },
    tip: newer,
    lastPollAt: "2026-11-24T03:59:42Z",
    hold: denied.hold,
  },
  { deployment: "web", state: "failed", error: wrongPassphrase.error, tip: { ...newer, subject: "x".repeat(60) } },
  { deployment: "new", state: "unknown", running: { startedAt: "2026-11-24T03:59:59Z", under: ["fetching"] } },
  {
    deployment: "shop",
    state: "converged",
    running: {
      startedAt: "2026-11-24T03:56:40Z",
      revision: newer,
      under: ["image.pull example/shop:2 61 %", "container.stop db"],
    },
  },
];

test("renderStatus() aligns one row per deployment and gives the reasons, and the passes under way, below", () => {
  assertGolden("report/status.txt", linesText(renderStatus(statuses, now)));
});

const states = [
  ["quiet", samples.quiet, "converged"],
  ["denied", samples.denied, "held"],
  ["failedStep", samples.failedStep, "failed"],
  ["unverified", samples.unverified, "failed"],
  ["wrongPassphrase", samples.wrongPassphrase, "failed"],
  ["drift in mode report", { ...samples.drift, outcomes: [], health: undefined, converged: false }, "pending"],
  ["steps done, not verified yet", { ...samples.change, health: undefined, converged: false }, "applied"],
] as const;
for (const [name, report, state] of states) {
  test(`stateOf() is ${state} for ${name}`, () => assert.equal(stateOf(report), state));
}

test("factsOf() tells applied, healthy and verified apart", () => {
  assert.deepEqual(factsOf(samples.unverified), { applied: true, healthy: true, verified: false });
  assert.deepEqual(factsOf(samples.failedStep), { applied: false, healthy: undefined, verified: undefined });
  assert.deepEqual(factsOf(samples.wrongPassphrase), { applied: undefined, healthy: undefined, verified: undefined });
});
