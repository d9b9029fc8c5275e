import { reportJson } from "./json.ts";
import type { LogLine } from "./line.ts";
import { renderPlan } from "./plan-text.ts";
import { hasDifferences, type Report } from "./report.ts";
import { type DeploymentState, stateOf } from "./status.ts";
import { renderSummary } from "./summary-text.ts";
import { reportLines } from "./text.ts";

/**
 * A report in the forms in which it may leave the process that made it: what people read, and the published JSON. The
 * specifications of its steps, with the values of environments in them, stay behind.
 */
export interface PublishedReport {
  readonly state: DeploymentState;
  /** As `reportJson()` makes it. */
  readonly json: unknown;
  /** The whole journal of the pass, without what is for debugging. */
  readonly lines: readonly LogLine[];
  readonly summary: LogLine;
}

/** A report told as a whole, also what an earlier pass has said already. */
export function publishReport(report: Report): PublishedReport {
  return {
    state: stateOf(report),
    json: reportJson(report),
    lines: reportLines(report, undefined).filter(({ level }) => level !== "debug"),
    summary: renderSummary(report),
  };
}

/** What a plan comes to, for the exit code. */
export type PlanAnswer = "converged" | "differs" | "held" | "failed";

/** A plan in the forms in which it may leave the process that made it. */
export interface PublishedPlan {
  readonly answer: PlanAnswer;
  /** As `reportJson()` makes it. */
  readonly json: unknown;
  /** As `renderPlan()` makes them. */
  readonly lines: readonly LogLine[];
}

export function publishPlan(report: Report, options: { readonly steps?: boolean } = {}): PublishedPlan {
  return { answer: planAnswer(report), json: reportJson(report), lines: renderPlan(report, options) };
}

function planAnswer(report: Report): PlanAnswer {
  if (report.error) return "failed";
  if (hasDifferences(report)) return "differs";
  return report.hold ? "held" : "converged";
}
