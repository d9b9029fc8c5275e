import type { DesiredState } from "../model/desired.ts";
import { holdfastLabel } from "../model/labels.ts";
import type { Ledger } from "../model/ledger.ts";
import type { ObservedState } from "../model/observed.ts";
import type { FilesState } from "../plan/input.ts";
import { hasObstacle, isEmptyPlan, type Plan } from "../plan/plan.ts";
import { planDeployment } from "../plan/plan-deployment.ts";
import { slotNames } from "../plan/slots.ts";
import type { Outcome, Step } from "../plan/step.ts";
import { pemFactsByPath } from "../policy/key-facts.ts";
import type { Report } from "../report/report.ts";
import { applySteps } from "./apply.ts";
import { chooseRevision } from "./choose-revision.ts";
import type { Deployment } from "./deployment.ts";
import { keyRedactor } from "./open-keys.ts";
import type { Pass } from "./pass.ts";
import type { PreparedRevision } from "./prepare.ts";
import type { PassFacts } from "./record.ts";
import { remember } from "./remember.ts";
import { resolveTip } from "./resolve-tip.ts";
import { observeFiles, switchFiles } from "./switch-files.ts";
import { type Verified, verifyDeployment } from "./verify.ts";

/**
 * One pass: commit → files → keys → desired state → verdicts → observed state → plan → apply → verify → report.
 * Reads everything anew, so it may be woken by anything and killed at any time.
 *
 * @param pass.mode `report` writes no file and no key and makes no changing call
 * @throws HoldfastError when the pass cannot go on; what it knew until then is in the pass
 */
export async function reconcile(deployment: Deployment, pass: Pass, signal: AbortSignal): Promise<Report> {
  const ledger = await deployment.ports.store.readLedger(deployment.config.name);
  const tip = await resolveTip(deployment, { pass, ledger }, signal);
  const { prepared, hold } = await chooseRevision(deployment, { pass, ledger, tip }, signal); // read, open, load, evaluate
  const [observed, files] = await Promise.all([
    observe(deployment, { prepared, full: pass.full }, signal),
    observeFiles(deployment, prepared, signal),
  ]);
  const plan = planPass(deployment, { prepared, ledger, observed, files });
  pass.say({ plan });
  if (pass.mode === "report" || isHeldAsIs(hold, prepared)) {
    return pass.report({ converged: isConverged(plan, ledger) });
  }

  const startedMs = deployment.ports.clock.monotonicMs();
  const outcomes = await apply(deployment, { prepared, ledger, steps: plan.steps, pass }, signal);
  pass.say({ outcomes, applyMs: Math.round(deployment.ports.clock.monotonicMs() - startedMs) });
  const verified = await pass.activity.during(
    "verifying",
    () => verify(deployment, { prepared, ledger, plan, outcomes }, signal),
  );
  const health = verified?.health;
  pass.say({ health });
  const settled = health?.passed ? await apply(deployment, { prepared, ledger, steps: plan.settle, pass }, signal) : [];

  const { containers } = await observeAfter(deployment, { prepared, plan, observed, verified }, signal);
  const at = deployment.ports.clock.now().toISOString();
  const facts = { prepared, plan, outcomes: [...outcomes, ...settled], health, containers, hold, at };
  const failed = await remember(deployment, { ledger, facts });
  return pass.report({
    settled,
    hold: failed ?? hold,
    again: failed !== undefined && prepared.manifest.verify.onFailure === "rollback",
    converged: hasConverged(facts, ledger),
  });
}

interface Observing {
  readonly prepared: PreparedRevision;
  readonly full: boolean;
}

async function observe(
  deployment: Deployment,
  { prepared, full }: Observing,
  signal: AbortSignal,
): Promise<ObservedState> {
  const { desired } = prepared;
  return await deployment.ports.engine.observe({
    project: desired.project,
    containerNames: [...desired.services.values()].flatMap(slotNames).sort(),
    networkNames: [...desired.networks.values()].map((network) => network.spec.name).sort(),
    volumeNames: [...desired.volumes.values()].map((volume) => volume.spec.name).sort(),
    images: [...new Set([...desired.services.values()].map((service) => service.spec.image))].sort(),
    full,
  }, signal);
}

interface Acted {
  readonly prepared: PreparedRevision;
  readonly plan: Plan;
  readonly observed: ObservedState;
  readonly verified: Verified | undefined;
}

/** The containers after the pass. Nothing asks the Engine again for what is known already. */
async function observeAfter(
  deployment: Deployment,
  { prepared, plan, observed, verified }: Acted,
  signal: AbortSignal,
): Promise<Pick<ObservedState, "containers">> {
  if (verified?.health.passed) return verified; // what settling removed since then answers for no service
  if (isEmptyPlan(plan) && !verified) return observed;
  return await observe(deployment, { prepared, full: false }, signal);
}

interface Planning {
  readonly prepared: PreparedRevision;
  readonly ledger: Ledger;
  readonly observed: ObservedState;
  readonly files: FilesState;
}

function planPass(deployment: Deployment, { prepared, ledger, observed, files }: Planning): Plan {
  return planDeployment({
    deployment: deployment.config.name,
    commit: prepared.revision.commit,
    appliedCommit: ledger.applied?.commit ?? commitOnHost(prepared, observed),
    goingBack: isGoingBack(prepared, ledger),
    desired: prepared.desired,
    appliedDesired: appliedDesired(deployment, { prepared, ledger }),
    observed,
    inventory: ledger.inventory,
    digestKey: deployment.digestKey,
    configFiles: prepared.configFiles,
    files,
    now: deployment.ports.clock.now(),
    runningMs: prepared.manifest.verify.runningMs,
    waitTimeoutSeconds: Math.ceil(prepared.manifest.verify.timeoutMs / 1000),
    ignore: prepared.manifest.drift.ignore,
  });
}

interface Applying {
  readonly prepared: PreparedRevision;
  readonly ledger: Ledger;
  readonly steps: readonly Step[];
  readonly pass: Pass;
}

async function apply(deployment: Deployment, applying: Applying, signal: AbortSignal): Promise<Outcome[]> {
  const { prepared, ledger, steps, pass } = applying;
  const redact = keyRedactor(prepared.keys);
  const outcomes = await applySteps(steps, {
    engine: deployment.ports.engine,
    clock: deployment.ports.clock,
    parallel: deployment.parallel,
    switchFiles: (stop) => switchFiles(deployment, { prepared, ledger }, stop),
    onStart: (step) => pass.activity.started(step),
    onProgress: (step, text) => pass.activity.went(step, text),
    onOutcome: (outcome) => pass.onOutcome(outcome),
  }, signal);
  return outcomes.map((outcome) =>
    outcome.error ? { ...outcome, error: { ...outcome.error, message: redact(outcome.error.message) } } : outcome
  );
}

interface Verifying {
  readonly prepared: PreparedRevision;
  readonly ledger: Ledger;
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
}

/** Nothing is verified where a step failed, nor again where nothing changed since the last verification passed. */
async function verify(
  deployment: Deployment,
  verifying: Verifying,
  signal: AbortSignal,
): Promise<Verified | undefined> {
  const { prepared, ledger, plan, outcomes } = verifying;
  if (outcomes.some((outcome) => outcome.result !== "done")) return undefined;
  if (isEmptyPlan(plan) && ledger.verified && ledger.applied?.commit === prepared.revision.commit) return undefined;
  const { containers } = await observe(deployment, { prepared, full: false }, signal);
  const keyPems = pemFactsByPath(prepared.keys?.files ?? []);
  const verification = { desired: prepared.desired, verify: prepared.manifest.verify, keyPems, containers };
  return await verifyDeployment(verification, deployment.ports, signal);
}

function isConverged(plan: Plan, ledger: Ledger): boolean {
  return isEmptyPlan(plan) && ledger.verified && !hasObstacle(plan);
}

/** The same after the steps: all done, and verified by this pass or, where nothing was to do, by an earlier one. */
function hasConverged({ plan, outcomes, health }: PassFacts, ledger: Ledger): boolean {
  return outcomes.every((outcome) => outcome.result === "done") && !hasObstacle(plan) &&
    (health?.passed ?? isConverged(plan, ledger));
}

/** With `onFailure: hold` a revision that failed stays as it is for people to look at. */
function isHeldAsIs(hold: { readonly commit: string } | undefined, prepared: PreparedRevision): boolean {
  return hold?.commit === prepared.revision.commit;
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

/** The checkout may still be the failed revision's: the pass before ended with the decision to go back. */
function isGoingBack({ revision }: PreparedRevision, { hold, placed }: Ledger): boolean {
  return hold?.kind === "failed" && hold.commit !== revision.commit && placed.includes(hold.commit);
}

/** With the ledger lost, the labels tell which revision made what is there; undefined where nothing of ours is. */
function commitOnHost({ revision }: PreparedRevision, { containers }: ObservedState): string | undefined {
  const commits = containers.flatMap((container) => container.labels[holdfastLabel.revision] ?? []);
  return commits.includes(revision.commit) ? revision.commit : commits.sort()[0];
}
