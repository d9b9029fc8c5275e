import assert from "node:assert/strict";
import { test } from "node:test";
import { readStatusText, statusAfter } from "../../src/agent/status-record.ts";
import { emptyLedger, type Ledger } from "../../src/model/ledger.ts";
import type { Report } from "../../src/report/report.ts";
import type { Status } from "../../src/report/status.ts";
import { applied, newer, quiet } from "../report/samples.ts";

const ledger: Ledger = {
  ...emptyLedger("mender"),
  applied: { commit: applied.commit, tree: applied.tree, at: "2026-11-24T03:00:00.000Z" },
};

/** The status after passes, one after another. */
function after(...reports: readonly Report[]): Status {
  let text: string | undefined;
  for (const report of reports) text = statusAfter({ report, ledger, before: text });
  return readStatusText("mender", text)!;
}

const later: Report = { ...quiet, startedAt: "2026-11-24T03:13:10.000Z" };
const down: Report = {
  ...later,
  tip: undefined,
  error: { code: "SOURCE_UNREACHABLE", message: "Cannot reach it", hint: "see", retry: "backoff" },
};

test("statusAfter() keeps since when a state stands", () => {
  const status = after(quiet, later);
  assert.deepEqual([status.state, status.since], ["converged", quiet.startedAt]);
});

test("statusAfter() tells of the revision with its subject, and when it was applied", () => {
  assert.deepEqual(after(quiet).applied, { ...applied, at: "2026-11-24T03:00:00.000Z" });
});

test("statusAfter() keeps the tip and the time of the last poll that was answered while the source is down", () => {
  const status = after(quiet, down);
  assert.deepEqual([status.state, status.since], ["failed", down.startedAt]);
  assert.deepEqual([status.tip?.commit, status.lastPollAt], [applied.commit, quiet.startedAt]);
  assert.equal(status.error?.code, "SOURCE_UNREACHABLE");
});

test("statusAfter() names the revision that is held, and what stays applied", () => {
  const hold = { commit: newer.commit, kind: "denied", reason: "policy B01", at: later.startedAt } as const;
  const status = after(quiet, { ...later, tip: newer, hold, converged: true });
  assert.deepEqual([status.state, status.hold, status.tip?.subject], ["held", hold, newer.subject]);
  assert.equal(status.applied?.subject, applied.subject);
});

test("readStatusText() knows nothing of what another version, or another deployment, wrote", () => {
  const text = statusAfter({ report: quiet, ledger, before: undefined });
  assert.equal(readStatusText("other", text), undefined);
  assert.equal(readStatusText("mender", text.replace('"version": 1', '"version": 2')), undefined);
  assert.equal(readStatusText("mender", text.slice(0, 40)), undefined);
  assert.equal(readStatusText("mender", undefined), undefined);
});
