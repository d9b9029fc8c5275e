import { test } from "node:test";
import { linesText } from "../../src/report/line.ts";
import { renderPlan } from "../../src/report/plan-text.ts";
import { renderSummary } from "../../src/report/summary-text.ts";
import { assertGolden } from "../support/golden.ts";
import * as samples from "./samples.ts";

const plans = [
  { name: "drift", report: { ...samples.drift, outcomes: [] } },
  { name: "nothing", report: samples.quiet },
  { name: "denied", report: samples.denied },
  { name: "wrong-passphrase", report: samples.wrongPassphrase },
] as const;

for (const { name, report } of plans) {
  test(`renderPlan() prints the plan "${name}"`, () => assertGolden(`plan/${name}.txt`, linesText(renderPlan(report))));
}

test("renderPlan() numbers the steps and tells what each waits for", () => {
  assertGolden("plan/steps.txt", linesText(renderPlan({ ...samples.drift, outcomes: [] }, { steps: true })));
});

test("renderSummary() says how each pass ended", () => {
  const { firstConvergence, denied, failedStep, unverified, wrongPassphrase } = samples;
  const reports = [firstConvergence, denied, failedStep, unverified, wrongPassphrase];
  assertGolden("report/summaries.txt", linesText(reports.map(renderSummary)));
});
