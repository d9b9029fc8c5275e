import { shortCommit } from "../model/revision.ts";
import { describeHold } from "./hold-text.ts";
import { line, type LogLine } from "./line.ts";
import type { Report } from "./report.ts";
import { stateOf } from "./status.ts";

/** How one pass ended, in one line: `mender: converged at 7a4de3c`. */
export function renderSummary(report: Report): LogLine {
  const { deployment, revision } = report;
  const state = stateOf(report);
  const at = revision ? ` at ${shortCommit(revision.commit)}` : "";
  const why = reason(report);
  const level = state === "failed" ? "error" : state === "held" ? "warning" : "info";
  return line(level, `${deployment}: ${state}${at}${why ? `: ${why}` : ""}`, { event: state, deployment });
}

function reason({ error, health, outcomes, hold }: Report): string | undefined {
  if (error) return `${error.message} (${error.code})`;
  const failed = outcomes.find(({ result }) => result === "failed");
  if (failed) return `${failed.step.id}: ${failed.error?.message ?? "failed"}`;
  if (health && !health.passed) {
    const [first] = health.failures;
    return first ? `${first.resource}: ${first.message}` : "the verification failed";
  }
  return hold && describeHold(hold);
}
