import type { Hold } from "../model/ledger.ts";
import { hasObstacle, type Notice } from "../plan/plan.ts";
import { allOutcomes, hasDifferences, type Report, type ReportError, type TipRevision } from "./report.ts";

/** What `holdfast status` tells of one deployment: read from the ledger and the last report, without touching the host. */
export interface Status {
  readonly deployment: string;
  readonly state: DeploymentState;
  /** ISO time since which the state stands, as far as known. */
  readonly since?: string;
  /** The revision on the host, and when its steps were last all done. */
  readonly applied?: TipRevision & { readonly at: string };
  /** Where the ref pointed at the last poll. */
  readonly tip?: TipRevision;
  /** ISO time of the last answer of the source. */
  readonly lastPollAt?: string;
  readonly hold?: Hold;
  /** What differs or is in the way, and is left to a person: of the last pass. */
  readonly notices?: readonly Notice[];
  /** What ended the last pass early. */
  readonly error?: ReportError;
  /** The pass under way, which nothing else here tells of yet; known to the running agent alone. */
  readonly running?: RunningPass;
}

/** A pass that has not ended yet. */
export interface RunningPass {
  /** ISO time. */
  readonly startedAt: string;
  /** What it enforces or, while that is not decided, where the ref points; absent until the source has answered. */
  readonly revision?: TipRevision;
  /** What is being done, oldest first: ids of steps, with their progress, and words such as `verifying`. */
  readonly under: readonly string[];
}

/** The agent that answers on this host's control socket. */
export interface RunningAgent {
  readonly pid: number;
  readonly version: string;
  /** 40 hex digits. */
  readonly commit: string;
  /** ISO time. */
  readonly startedAt: string;
}

/** What `holdfast status` tells of a host. */
export interface HostStatus {
  /** Undefined: no agent answers, and the rest is what the last one left behind. */
  readonly agent: RunningAgent | undefined;
  /** In agent.yaml's order. */
  readonly deployments: readonly Status[];
}

/**
 * - `converged`: the host equals the tip and is verified
 * - `applied`: every step was done, the verification is not known to have passed
 * - `held`: the tip is not applied; the applied revision stays enforced, or all of the tip that nothing is in the way of
 * - `failed`: the last pass ended with an error, a failed step or a failed verification
 * - `pending`: differences are known and wait: for a person (mode `report` or `approve`, something in the way), a window,
 *   or the next start of an agent that was asked to stop
 * - `unknown`: never applied, nothing known
 */
export type DeploymentState = "converged" | "applied" | "held" | "failed" | "pending" | "unknown";

/** The state that one report shows. A failure outranks a hold: it is what to look at first. */
export function stateOf(report: Report): DeploymentState {
  if (report.health?.superseded) return "pending";
  if (report.error || report.health?.passed === false) return "failed";
  if (allOutcomes(report).some((outcome) => outcome.result === "failed")) return "failed";
  if (report.hold) return "held";
  if (report.converged) return "converged";
  const wasStopped = report.outcomes.some((outcome) => outcome.result === "skipped");
  const waits = report.outcomes.length === 0
    ? hasDifferences(report)
    : wasStopped || (report.plan && hasObstacle(report.plan)) || (report.left && report.left.length > 0);
  if (waits) return "pending";
  return report.outcomes.length > 0 ? "applied" : "unknown";
}
