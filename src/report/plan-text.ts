import { describeStep } from "../plan/describe.ts";
import { isEmptyPlan } from "../plan/plan.ts";
import type { Step } from "../plan/step.ts";
import { conditionsOf } from "./conditions.ts";
import { differenceLines, planSummary } from "./differences.ts";
import { line, type LogLine } from "./line.ts";
import type { Report } from "./report.ts";
import { revisionLine } from "./text.ts";

/** What `holdfast plan` prints of one deployment: what stands, what differs, and every step that a pass would take. */
export function renderPlan(report: Report): LogLine[] {
  const { plan, revision, tip } = report;
  const newer = tip && tip.commit !== revision?.commit ? [revisionLine(tip)] : [];
  const lines = [
    line("info", `deployment ${report.deployment}`, { event: "deployment" }),
    ...newer,
    ...conditionsOf(report).flatMap((condition) => condition.lines),
    ...(revision ? [revisionLine(revision)] : []),
  ];
  if (!plan) return lines;
  lines.push(planSummary(plan), ...differenceLines(plan.differences, { actions: true }));
  if (isEmptyPlan(plan)) return [...lines, line("info", "nothing to do", { event: "nothing" })];
  return [
    ...lines,
    line("info", "steps:", { event: "steps" }),
    ...plan.steps.map(stepLine),
    ...(plan.settle.length > 0 ? [line("info", "after the verification:", { event: "steps" })] : []),
    ...plan.settle.map(stepLine),
  ];
}

function stepLine(step: Step): LogLine {
  return line("info", `  ${describeStep(step)}`, { event: "step", step: step.id, resource: step.resource });
}
