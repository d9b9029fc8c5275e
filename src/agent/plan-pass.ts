import type { DesiredState } from "../model/desired.ts";
import { holdfastLabel } from "../model/labels.ts";
import type { Ledger } from "../model/ledger.ts";
import type { ObservedState } from "../model/observed.ts";
import type { FilesState, PlanInput } from "../plan/input.ts";
import type { Plan } from "../plan/plan.ts";
import { planDeployment } from "../plan/plan-deployment.ts";
import type { Rollback } from "../report/report.ts";
import type { Deployment } from "./deployment.ts";
import type { PreparedRevision } from "./prepare.ts";

export interface Planning {
  readonly prepared: PreparedRevision;
  readonly ledger: Ledger;
  readonly observed: ObservedState;
  readonly files: FilesState;
}

/** What brings the host, as it was seen, to a revision. */
export function planPass(deployment: Deployment, planning: Planning): Plan {
  return planDeployment(planInput(deployment, planning));
}

/** Everything that a plan is made from. */
export function planInput(deployment: Deployment, { prepared, ledger, observed, files }: Planning): PlanInput {
  return {
    deployment: deployment.config.name,
    commit: prepared.revision.commit,
    appliedCommit: ledger.applied?.commit ?? commitOnHost(prepared, observed),
    goingBack: rollbackOf(prepared, ledger) !== undefined && ledger.placed.includes(ledger.hold!.commit),
    notBackYet: rollbackOf(prepared, ledger) !== undefined,
    desired: prepared.desired,
    appliedDesired: appliedDesired(deployment, { prepared, ledger }),
    observed,
    inventory: ledger.inventory,
    corrections: ledger.corrections,
    digestKey: deployment.digestKey,
    configFiles: prepared.configFiles,
    files,
    now: deployment.ports.clock.now(),
    runningMs: prepared.manifest.verify.runningMs,
    waitTimeoutSeconds: Math.ceil(prepared.manifest.verify.timeoutMs / 1000),
    ignore: prepared.manifest.drift.ignore,
  };
}

/** Of the revision that is on the host, while this process still knows it and another one is wanted. */
function appliedDesired(
  deployment: Deployment,
  { prepared, ledger }: Pick<Planning, "prepared" | "ledger">,
): DesiredState | undefined {
  const { applied } = ledger;
  if (!applied || applied.commit === prepared.revision.commit) return undefined;
  return deployment.revisions.known(applied.commit)?.desired;
}

/**
 * Which revision a pass goes back from, and why; undefined where it does not. Until the applied revision is verified again,
 * the host is what holdfast itself made of it, and the checkout may still be the failed revision's.
 */
export function rollbackOf({ revision }: PreparedRevision, { hold, placed, verified }: Ledger): Rollback | undefined {
  if (hold?.kind !== "failed" || hold.commit === revision.commit) return undefined;
  return placed.includes(hold.commit) || !verified ? { from: hold.commit, reason: hold.reason } : undefined;
}

/** With the ledger lost, the labels tell which revision made what is there; undefined where nothing of ours is. */
function commitOnHost({ revision }: PreparedRevision, { containers }: ObservedState): string | undefined {
  const commits = containers.flatMap((container) => container.labels[holdfastLabel.revision] ?? []);
  return commits.includes(revision.commit) ? revision.commit : commits.sort()[0];
}
