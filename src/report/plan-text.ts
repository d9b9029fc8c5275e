import { describeEdges, describeStep } from "../plan/describe.ts";
import { isEmptyPlan, type Plan } from "../plan/plan.ts";
import { conditionsOf } from "./conditions.ts";
import { differenceLines, planSummary } from "./differences.ts";
import { line, type LogLine } from "./line.ts";
import type { Report } from "./report.ts";
import { revisionLine } from "./text.ts";

/**
 * What `holdfast plan` prints of one deployment: what stands, what differs, and every step that a pass would take.
 *
 * @param options.steps numbers the steps and tells which of them each waits for
 */
export function renderPlan(report: Report, options: { readonly steps?: boolean } = {}): LogLine[] {
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
  return [...lines, ...stepLines(plan, options.steps ?? false)];
}

function stepLines(plan: Plan, withEdges: boolean): LogLine[] {
  const all = [...plan.steps, ...plan.settle];
  const texts = withEdges ? describeEdges(plan) : all.map(describeStep);
  const lines = all.map(({ id, resource }, index) =>
    line("info", `  ${texts[index]}`, { event: "step", step: id, resource })
  );
  const title = withEdges ? "steps, each after those in brackets:" : "steps:";
  return [
    line("info", title, { event: "steps" }),
    ...lines.slice(0, plan.steps.length),
    ...(plan.settle.length > 0 ? [line("info", "after the verification:", { event: "steps" })] : []),
    ...lines.slice(plan.steps.length),
  ];
}
