import type { ErrorCode, ErrorDetails, HoldfastError } from "../model/error.ts";
import type { Health } from "../model/health.ts";
import type { Issue } from "../model/issue.ts";
import type { Hold } from "../model/ledger.ts";
import type { Revision } from "../model/revision.ts";
import { type Difference, hasObstacle, isEmptyPlan, type Plan } from "../plan/plan.ts";
import type { Outcome } from "../plan/step.ts";
import type { Verdict } from "../policy/policy.ts";

/** Everything one pass has to say, as data: the journal, `plan`, `report` and notifications are made from it. */
export interface Report {
  readonly deployment: string;
  /** `report` touches nothing; `approve` waits for a person before a new revision. */
  readonly mode: "enforce" | "report" | "approve";
  /** ISO time. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The revision that this pass enforced: the tip, or the applied one while a hold stands. */
  readonly revision?: Revision;
  /** Where the ref points; only the commit is known before it was fetched. Absent when the source did not answer. */
  readonly tip?: TipRevision;
  /** Why the tip is not the revision; stands since `hold.at`. */
  readonly hold?: Hold;
  /** The pass goes back to `revision` from one that failed. */
  readonly rollback?: Rollback;
  /** Of the tip's files, its manifest and its keys. */
  readonly issues: readonly Issue[];
  /** Of the tip; waived ones too. */
  readonly verdicts: readonly Verdict[];
  readonly plan?: Plan;
  /** What came of the plan's steps; empty when nothing was to do, or nothing was done (`plan`, mode `report`). */
  readonly outcomes: readonly Outcome[];
  /** What came of the removals that waited for the verification. */
  readonly settled?: readonly Outcome[];
  /** From the first step to the last, without the verification; absent when there were no outcomes. */
  readonly applyMs?: number;
  /** What drifted while the pass verified, and was corrected. */
  readonly mended?: readonly Difference[];
  /** Absent when this pass did not verify. */
  readonly health?: Health;
  /** What differs still on the host, looked at after the steps; absent where nothing was done or the pass failed. */
  readonly left?: readonly Difference[];
  /** What git names and this Engine did not take of the containers that the pass made: no later pass calls it drift. */
  readonly unhonored?: readonly Difference[];
  /** The plan is empty, after the steps of this pass too, and everything is verified. */
  readonly converged: boolean;
  /** What ended the pass early. */
  readonly error?: ReportError;
}

export interface Rollback {
  /** The commit that failed. */
  readonly from: string;
  /** One line without secrets. */
  readonly reason: string;
}

export type TipRevision = Pick<Revision, "commit"> & Partial<Revision>;

export interface ReportError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retry: ErrorDetails["retry"];
  /** What the other side asks to be left alone for. */
  readonly retryAfterMs?: number;
}

/** Applied, healthy and verified are three facts; undefined: this pass does not know. */
export interface Facts {
  /** Every step is done, or none was needed. */
  readonly applied?: boolean;
  readonly healthy?: boolean;
  readonly verified?: boolean;
}

/** The three facts of a pass, each from its own evidence. */
export function factsOf(report: Report): Facts {
  return { applied: isApplied(report), healthy: report.health?.healthy, verified: report.health?.passed };
}

function isApplied(report: Report): boolean | undefined {
  const outcomes = allOutcomes(report);
  if (outcomes.length > 0) return outcomes.every((outcome) => outcome.result === "done");
  if (!report.plan) return report.converged ? true : undefined;
  return report.plan.steps.length === 0;
}

/** Something is to be done, or is to be mended by a person. */
export function hasDifferences({ plan }: Report): boolean {
  if (!plan) return false;
  return !isEmptyPlan(plan) || plan.differences.length > 0 || hasObstacle(plan);
}

/** Of the steps and of the removals after the verification. */
export function allOutcomes({ outcomes, settled }: Pick<Report, "outcomes" | "settled">): readonly Outcome[] {
  return [...outcomes, ...settled ?? []];
}

/** An error without its cause, which may hold what nobody is to read. */
export function reportError(error: HoldfastError): ReportError {
  const { code, message, hint, retry, retryAfterMs } = error;
  return { code, message, hint, retry, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
