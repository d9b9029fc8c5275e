import type { Hold, Ledger } from "../model/ledger.ts";
import { hasObstacle, isAsWanted, isEmptyPlan, obstaclesOf, type Plan } from "../plan/plan.ts";
import type { Outcome, Step } from "../plan/step.ts";
import { stepsFor } from "../plan/steps-for.ts";
import { pemFactsByPath } from "../policy/key-facts.ts";
import type { Tip } from "../ports/source.ts";
import type { Report } from "../report/report.ts";
import { applySteps } from "./apply.ts";
import { chooseRevision } from "./choose-revision.ts";
import type { Deployment } from "./deployment.ts";
import { type Look, look, observe } from "./look.ts";
import { logMask, readLogTail } from "./log-tails.ts";
import { newerTip } from "./newer-tip.ts";
import { keyRedactor } from "./open-keys.ts";
import type { Pass } from "./pass.ts";
import { planPass, rollbackOf } from "./plan-pass.ts";
import type { PreparedRevision } from "./prepare.ts";
import { holdByObstacle, type PassFacts } from "./record.ts";
import { remember, type Remembered } from "./remember.ts";
import { resolveTip } from "./resolve-tip.ts";
import { switchFiles } from "./switch-files.ts";
import { type Mended, type Verified, verifyDeployment } from "./verify.ts";

/**
 * One pass: commit → files → keys → desired state → verdicts → observed state → plan → apply → verify → report.
 * Reads everything anew, so it may be woken by anything and killed at any time.
 *
 * @param pass.mode `report` writes no file and no key and makes no changing call
 * @throws HoldfastError when the pass cannot go on; what it knew until then is in the pass
 */
export async function reconcile(deployment: Deployment, pass: Pass, signal: AbortSignal): Promise<Report> {
  const known = await deployment.ports.store.readLedger(deployment.config.name);
  const ledger = pass.asked ? { ...known, corrections: {} } : known; // an operator wants everything tried again
  const tip = await resolveTip(deployment, { pass, ledger }, signal);
  const { prepared, hold } = await chooseRevision(deployment, { pass, ledger, tip }, signal); // read, open, load, evaluate
  const first = await look(deployment, { prepared, full: pass.full }, signal); // observe
  const plan = planPass(deployment, { prepared, ledger, ...first });
  const at = deployment.ports.clock.now().toISOString();
  const obstructed = holdByObstacle(ledger, { prepared, plan, at });
  const stands = hold ?? obstructed;
  pass.say({ plan, hold: stands, rollback: rollbackOf(prepared, ledger) });
  if (pass.mode === "report" || isHeldAsIs(hold, prepared)) {
    return pass.report({ converged: isConverged(plan, ledger) });
  }

  const startedMs = deployment.ports.clock.monotonicMs();
  const outcomes = await apply(deployment, { prepared, ledger, steps: plan.steps, pass }, signal);
  pass.say({ outcomes, applyMs: Math.round(deployment.ports.clock.monotonicMs() - startedMs) });
  const verified = await pass.activity.during(
    "verifying",
    () => verify(deployment, { prepared, ledger, plan, outcomes, pass, tip }, signal),
  );
  const mended = verified?.mended ?? [];
  const health = verified?.health;
  pass.say({ health, mended: mended.flatMap(({ differences }) => differences) });
  const settled = health?.passed ? await apply(deployment, { prepared, ledger, steps: plan.settle, pass }, signal) : [];

  const done = [...outcomes, ...mended.flatMap((each) => each.outcomes), ...settled];
  const again = await lookAgain(deployment, { prepared, outcomes: done, verified }, signal);
  // What settling removed since the verification ended answers for no service.
  const { containers } = health?.passed ? verified! : (again ?? first).observed;
  const isObstructed = obstructed !== undefined;
  const facts = { prepared, plan, outcomes: done, health, containers, look: again, hold: stands, isObstructed, at };
  const { failed, left, unhonored } = await remember(deployment, { ledger, facts, found: first });
  return pass.report({
    settled,
    ...(left ? { plan: { ...plan, notices: left.notices }, left: left.differences } : {}),
    unhonored,
    hold: failed ?? stands,
    again: health?.superseded || (failed !== undefined && prepared.manifest.verify.onFailure === "rollback"),
    converged: hasConverged(facts, { ledger, left }),
  });
}

interface Acted {
  readonly prepared: PreparedRevision;
  readonly outcomes: readonly Outcome[];
  readonly verified: Verified | undefined;
}

/** The host after the steps; undefined where the pass did nothing to it, or is asked to stop when all is verified. */
async function lookAgain(
  deployment: Deployment,
  { prepared, outcomes, verified }: Acted,
  signal: AbortSignal,
): Promise<Look | undefined> {
  if (outcomes.length === 0 && !verified) return undefined;
  if (signal.aborted && verified?.health.passed) return undefined;
  return await look(deployment, { prepared, full: false }, signal);
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
  const mask = logMask(prepared);
  const outcomes = await applySteps(steps, {
    engine: deployment.ports.engine,
    clock: deployment.ports.clock,
    parallel: deployment.parallel,
    switchFiles: (stop) => switchFiles(deployment, { prepared, ledger }, stop),
    tailLog: (id, stop) => readLogTail(deployment.ports.engine, { id, mask }, stop),
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
  readonly pass: Pass;
  readonly tip: Tip | undefined;
}

/** Nothing is verified where a service waits or a step failed, nor again where nothing changed since the last verification passed. */
async function verify(
  deployment: Deployment,
  verifying: Verifying,
  signal: AbortSignal,
): Promise<Verified | undefined> {
  const { prepared, ledger, plan, outcomes, pass, tip } = verifying;
  if (obstaclesOf(plan).length > 0 || outcomes.some((outcome) => outcome.result !== "done")) return undefined;
  if (isEmptyPlan(plan) && ledger.verified && ledger.applied?.commit === prepared.revision.commit) return undefined;
  const { containers } = await observe(deployment, { prepared, full: false }, signal);
  const keyPems = pemFactsByPath(prepared.keys?.files ?? []);
  return await verifyDeployment(
    {
      desired: prepared.desired,
      verify: prepared.manifest.verify,
      keyPems,
      containers,
      mask: logMask(prepared),
      touched: new Set(outcomes.map(({ step }) => step.resource)),
      mend: (resources, stop) => mend(deployment, { prepared, ledger, pass, resources }, stop),
      isSuperseded: newerTip(deployment, [tip?.commit, prepared.revision.commit, ledger.hold?.commit]),
    },
    deployment.ports,
    signal,
  );
}

interface Mending extends Omit<Applying, "steps"> {
  readonly resources: ReadonlySet<string>;
}

/** Drift of the pass that verifies: looked at and planned as ever, for what went down alone. */
async function mend(
  deployment: Deployment,
  { resources, ...applying }: Mending,
  signal: AbortSignal,
): Promise<Mended | undefined> {
  const { prepared, ledger } = applying;
  const plan = planPass(deployment, { prepared, ledger, ...await look(deployment, { prepared, full: false }, signal) });
  const outcomes = await apply(deployment, { ...applying, steps: stepsFor(plan, resources) }, signal);
  if (outcomes.length === 0 || outcomes.some(({ result }) => result !== "done")) return undefined;
  const { containers } = await observe(deployment, { prepared, full: false }, signal);
  return { differences: plan.differences.filter(({ resource }) => resources.has(resource)), outcomes, containers };
}

function isConverged(plan: Plan, ledger: Ledger): boolean {
  return isAsWanted(plan) && ledger.verified;
}

/** The same after the steps: all done, verified by this pass or by an earlier one, and the host looked at once more. */
function hasConverged({ plan, outcomes, health }: PassFacts, { ledger, left }: Remembered): boolean {
  const isDone = outcomes.every((outcome) => outcome.result === "done");
  return isDone && (left ? isAsWanted(left) : !hasObstacle(plan)) && (health?.passed ?? isConverged(plan, ledger));
}

/** With `onFailure: hold` a revision that failed stays as it is for people to look at. */
function isHeldAsIs(hold: Hold | undefined, prepared: PreparedRevision): boolean {
  return hold?.kind === "failed" && hold.commit === prepared.revision.commit;
}
