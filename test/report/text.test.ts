import assert from "node:assert/strict";
import { test } from "node:test";
import { linesText, type LogLine } from "../../src/report/line.ts";
import type { Report } from "../../src/report/report.ts";
import { outcomeLines, renderReport, reportLines } from "../../src/report/text.ts";
import { publishReport } from "../../src/report/published.ts";
import { stateOf } from "../../src/report/status.ts";
import { assertGolden } from "../support/golden.ts";
import * as samples from "./samples.ts";

const journals = [
  { name: "first-convergence", report: samples.firstConvergence },
  { name: "change", report: samples.change },
  { name: "drift", report: samples.drift },
  { name: "denied", report: samples.denied },
  { name: "failed-step", report: samples.failedStep },
  { name: "not-verified", report: samples.unverified },
  { name: "crashed", report: samples.crashed },
  { name: "quiet", report: samples.quiet },
  { name: "invalid", report: samples.invalid },
  { name: "wrong-passphrase", report: samples.wrongPassphrase },
] as const;

for (const { name, report } of journals) {
  test(`renderReport() tells the pass "${name}"`, () =>
    assertGolden(`report/${name}.txt`, journal(renderReport(report))));
}

test("renderReport() says nothing of a quiet pass", () => assert.deepEqual(renderReport(samples.quiet), []));

test("reportLines() tells where the host stands after a start", () => {
  assert.deepEqual(texts(reportLines(samples.quiet, undefined)), [
    'revision 7a4de3c "production: configuration" by ops@example.com',
    "converged at 7a4de3c",
  ]);
});

const standing: readonly (readonly [string, Report])[] = [
  ["a hold with its verdicts", samples.denied],
  ["a hold with its issues", samples.invalid],
  ["an error", samples.wrongPassphrase],
  ["a converged host", samples.quiet],
];
for (const [what, report] of standing) {
  test(`reportLines() does not repeat ${what}`, () => {
    const next = { ...report, startedAt: "2026-11-24T03:13:10.000Z", durationMs: 87 };
    assert.deepEqual(texts(reportLines(next, report)), []);
  });
}

test("reportLines() tells drift under a hold that stands", () => {
  const healed = { ...samples.drift, tip: samples.newer, hold: samples.denied.hold, verdicts: samples.denied.verdicts };
  const lines = texts(reportLines(healed, samples.denied));
  assert.equal(lines[0], 'revision 7a4de3c "production: configuration" by ops@example.com');
  assert.equal(lines[1], "plan: 1 changed, 2 drifted, 12 converged");
  assert.ok(!lines.some((text) => text.includes("M01")), "the verdict was told before");
});

test("reportLines() tells the same drift again when it was corrected in between", () => {
  assert.ok(texts(reportLines(samples.drift, samples.drift)).includes("plan: 1 changed, 2 drifted, 12 converged"));
});

test("reportLines() tells a plan that nobody carries out once", () => {
  const watched: Report = { ...samples.drift, mode: "report", outcomes: [], health: undefined, converged: false };
  assert.ok(texts(reportLines(watched, samples.quiet)).length > 0);
  assert.deepEqual(texts(reportLines(watched, watched)), []);
});

test("reportLines() tells a verification that fails once, and when it passes again", () => {
  const failing: Report = { ...samples.unverified, outcomes: [], plan: samples.quiet.plan };
  const passing: Report = { ...samples.quiet, health: samples.change.health };
  assert.ok(texts(reportLines(failing, passing)).some((text) => text.startsWith("not verified: ")));
  assert.deepEqual(texts(reportLines(failing, failing)), []);
  assert.ok(texts(reportLines(passing, failing)).some((text) => text.startsWith("verified: ")));
  assert.deepEqual(texts(reportLines(passing, passing)), []);
  assert.deepEqual(texts(reportLines(passing, samples.quiet)), [], "it had passed before it was looked at again");
});

test("reportLines() tells a container that keeps falling over once, in whatever state it is found", () => {
  const found = (message: string): Report => ({
    ...samples.quiet,
    converged: false,
    plan: {
      ...samples.quiet.plan!,
      notices: [{
        resource: "service/web",
        severity: "error",
        message: "restarts again and again",
        hint: "",
        fields: [],
      }],
    },
    health: {
      ...samples.change.health!,
      passed: false,
      healthy: false,
      ports: [],
      failures: [{ resource: "service/web", message, hint: "see its log" }],
    },
  });
  const first = found("restarting (exit 1)");
  assert.ok(texts(reportLines(first, samples.quiet)).includes("  service/web: restarting (exit 1)"));
  assert.deepEqual(texts(reportLines(found("has not run for 15 s yet"), first)), []);
});

test("outcomeLines() counts the steps that one failure took along, and names them for debugging", () => {
  const [, failed, skipped] = samples.failedStep.outcomes;
  const many = { ...samples.failedStep, outcomes: [skipped!, failed!, skipped!, skipped!] };
  const warnings = outcomeLines(many).filter(({ level }) => level === "warning");
  assert.deepEqual(texts(warnings), ["  3 steps skipped: they need what failed"]);
  assert.equal(outcomeLines(many).filter(({ level }) => level === "debug").length, 3);
  assert.equal(publishReport(many).lines.filter(({ level }) => level === "debug").length, 0);
});

test("outcomeLines() tells a stop that was asked for, and not as a failure", () => {
  const cancelled = {
    ...samples.failedStep.outcomes[2]!,
    error: { code: "CANCELLED", message: "the agent was asked to stop", hint: "" },
  };
  const stopped = { ...samples.failedStep, outcomes: [samples.failedStep.outcomes[0]!, cancelled, cancelled] };
  const told = outcomeLines(stopped).filter(({ level }) => level !== "debug");
  assert.deepEqual(told.map(({ level, text }) => `${level} ${text}`), [
    "notice stopped after 6.2 s, as asked: 1 done, 2 left to the next pass",
  ]);
  assert.equal(stateOf(stopped), "pending");
});

test("reportLines() tells a new revision that changes nothing", () => {
  const moved = { ...samples.quiet, revision: samples.newer, tip: samples.newer };
  const lines = texts(reportLines(moved, samples.quiet));
  assert.deepEqual(lines.map((text) => text.slice(0, 20)), ['revision 9f8e7d6 "op', "converged at 9f8e7d6"]);
});

test("reportLines() does not take an answer after silence for a new revision", () => {
  const error = { code: "SOURCE_UNREACHABLE", message: "Cannot reach x", hint: "", retry: "backoff" } as const;
  const silent: Report = { ...samples.quiet, tip: undefined, error };
  assert.deepEqual(texts(reportLines(samples.quiet, silent)), ["recovered from SOURCE_UNREACHABLE"]);
});

const recoveries = [
  { name: "converged-again", report: samples.quiet, previous: samples.wrongPassphrase },
  { name: "no-longer-held", report: { ...samples.change, tip: samples.applied }, previous: samples.denied },
] as const;
for (const { name, report, previous } of recoveries) {
  test(`reportLines() tells the pass "${name}"`, () => {
    assertGolden(`report/${name}.txt`, journal(reportLines(report, previous)));
  });
}

test("reportLines() gives every line its deployment and an event", () => {
  for (const { report } of journals) {
    for (const { fields } of reportLines(report, undefined)) {
      assert.equal(fields.deployment, "mender");
      assert.ok(fields.event);
    }
  }
});

test("renderReport() lets nothing of a container reach the terminal", () => {
  const written = linesText(renderReport(samples.failedStep));
  assert.ok(!written.includes("\u001b"));
  assert.ok(written.includes("old\\e[31m-minio"));
});

/** With the level in front, as journald would keep it. */
function journal(lines: readonly LogLine[]): string {
  return lines.map(({ level, text }) => `${level.padEnd(7)}  ${text}\n`).join("");
}

function texts(lines: readonly LogLine[]): string[] {
  return lines.map(({ text }) => text);
}
