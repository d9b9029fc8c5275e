import { asHoldfastError, HoldfastError } from "../model/error.ts";
import type { Issue } from "../model/issue.ts";
import { enforcedCommit, type Hold, type Ledger } from "../model/ledger.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Tip } from "../ports/source.ts";
import { reportError } from "../report/report.ts";
import type { Deployment } from "./deployment.ts";
import type { Pass } from "./pass.ts";
import { placedRevision } from "./placed-revision.ts";
import type { PreparedRevision } from "./prepare.ts";

/** The revision that a pass enforces, and why it is not the tip. */
export interface ChosenRevision {
  readonly prepared: PreparedRevision;
  readonly hold?: Hold;
}

interface Choosing {
  readonly pass: Pass;
  readonly ledger: Ledger;
  readonly tip: Tip | undefined;
}

/**
 * The tip, if it loads, its keys open and no policy denies it; else the applied revision, so that its drift is still
 * corrected. What is wrong with the tip is in the report either way.
 *
 * @throws HoldfastError what is wrong with the tip, when there is no applied revision to stay on
 */
export async function chooseRevision(
  deployment: Deployment,
  choosing: Choosing,
  signal: AbortSignal,
): Promise<ChosenRevision> {
  const { pass, ledger, tip } = choosing;
  const applied = ledger.applied?.commit;
  const enforced = enforcedCommit(ledger);
  const { hold: standing } = ledger;
  const isTipFailed = standing?.kind === "failed" && (!tip || standing.commit === tip.commit);
  if (isTipFailed && applied !== undefined) {
    return await stayAfterFailure(deployment, { pass, ledger, commit: applied, hold: standing }, signal);
  }
  if (!tip) {
    const hold = standing?.kind === "obstructed" ? undefined : standing; // the plan tells whether it still is
    return await enforce(deployment, { pass, ledger, commit: enforced!, hold }, signal);
  }
  const candidate = await judgeTip(deployment, { pass, tip, isApplied: tip.commit === enforced }, signal);
  if (!("refused" in candidate)) return candidate;
  if (enforced === undefined) throw candidate.refused;
  if (enforced === tip.commit) {
    return await stayUnopened(deployment, { pass, ledger, commit: enforced, error: candidate.refused }, signal);
  }
  if (candidate.hold.kind === "invalid") pass.note({ issues: issuesOf(candidate.refused) });
  const hold = sameHold(ledger.hold, { ...candidate.hold, at: deployment.ports.clock.now().toISOString() });
  return await enforce(deployment, { pass, ledger, commit: enforced, hold }, signal);
}

interface Judging {
  readonly pass: Pass;
  readonly tip: Tip;
  /** A rule that denies what is applied already does not stop it from being enforced. */
  readonly isApplied: boolean;
}

interface Refusal {
  readonly refused: HoldfastError;
  readonly hold: Omit<Hold, "at">;
}

async function judgeTip(
  deployment: Deployment,
  { pass, tip, isApplied }: Judging,
  signal: AbortSignal,
): Promise<ChosenRevision | Refusal> {
  try {
    const prepared = await deployment.revisions.prepare(deployment, tip.commit, signal);
    const verdicts = await deployment.revisions.judge(deployment, prepared, signal);
    pass.note({ revision: prepared.revision, issues: prepared.issues, verdicts });
    const denied = verdicts.filter((verdict) => verdict.outcome === "denied");
    return denied.length === 0 || isApplied ? { prepared } : deny(tip, denied);
  } catch (thrown) {
    const error = asHoldfastError(thrown);
    if (signal.aborted || !isFaultOfRevision(error)) throw error;
    pass.note({ issues: error.issues });
    return { refused: error, hold: { commit: tip.commit, kind: "invalid", reason: error.message } };
  }
}

/** A revision that is held has no error: what is wrong with it, and what to do, is told among its issues. */
function issuesOf({ issues, code, message, hint }: HoldfastError): readonly Issue[] {
  return issues.length > 0 ? issues : [{ code, severity: "error", message, hint }];
}

function deny(tip: Tip, denied: readonly Verdict[]): Refusal {
  const ids = [...new Set(denied.map((verdict) => verdict.policy))].sort();
  const policies = `${ids.length === 1 ? "policy" : "policies"} ${ids.join(", ")}`;
  const refused = new HoldfastError(
    "POLICY_DENIED",
    `Cannot apply revision ${tip.commit.slice(0, 7)}: denied by ${policies}`,
    {
      retry: "next-revision",
      hint: "correct what the verdicts name, or waive the policy in holdfast.yaml with a reason and an end, and push",
    },
  );
  return { refused, hold: { commit: tip.commit, kind: "denied", reason: policies } };
}

/** What only another revision (or the right passphrase) can end. */
function isFaultOfRevision(error: HoldfastError): boolean {
  return error.code === "REVISION_INVALID" || isAboutKeys(error) || error.code === "SOURCE_UNSAFE" ||
    error.code === "SOURCE_LIMIT";
}

function isAboutKeys({ code }: HoldfastError): boolean {
  return code.startsWith("KEYS_");
}

interface Enforcing {
  readonly pass: Pass;
  readonly ledger: Ledger;
  readonly commit: string;
  readonly hold: Hold | undefined;
}

async function enforce(
  deployment: Deployment,
  { hold, ...enforcing }: Enforcing,
  signal: AbortSignal,
): Promise<ChosenRevision> {
  const { pass, commit } = enforcing;
  pass.note({ hold });
  try {
    const prepared = await deployment.revisions.prepare(deployment, commit, signal);
    pass.note({ revision: prepared.revision });
    return { prepared, hold };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { ...await stayUnopened(deployment, { ...enforcing, error: asHoldfastError(thrown) }, signal), hold };
  }
}

interface Unopened extends Omit<Enforcing, "hold"> {
  readonly error: HoldfastError;
}

/**
 * The applied revision when it cannot be prepared again (the passphrase file was spoiled): as this process prepared it
 * before, or with the keys that an earlier one placed. Its drift is still corrected, and the report says what is wrong.
 *
 * @throws HoldfastError `error`, when there is neither
 */
async function stayUnopened(
  deployment: Deployment,
  { pass, ledger, commit, error }: Unopened,
  signal: AbortSignal,
): Promise<ChosenRevision> {
  const prepared = deployment.revisions.known(commit) ??
    (isAboutKeys(error) ? await placedRevision(deployment, { commit, ledger }, signal) : undefined);
  if (!prepared) throw error;
  pass.note({ revision: prepared.revision, error: reportError(error) });
  return { prepared };
}

/** After `onFailure`: back on the applied revision, or on the failed one with hands off. */
async function stayAfterFailure(
  deployment: Deployment,
  enforcing: Enforcing & { readonly hold: Hold },
  signal: AbortSignal,
): Promise<ChosenRevision> {
  const { hold, ledger } = enforcing;
  const failed = await deployment.revisions.prepare(deployment, hold.commit, signal).catch((thrown: unknown) => {
    const known = deployment.revisions.known(hold.commit);
    const isBack = !ledger.placed.includes(hold.commit); // and so stays away, whatever its manifest says
    if (signal.aborted || !isAboutKeys(asHoldfastError(thrown)) || !(known || isBack)) throw thrown;
    return known;
  });
  if (failed?.manifest.verify.onFailure !== "hold") return await enforce(deployment, enforcing, signal);
  return await enforce(deployment, { ...enforcing, commit: enforcing.hold.commit }, signal);
}

/** A hold that stands keeps its time. */
export function sameHold(before: Hold | undefined, now: Hold): Hold {
  return before && before.commit === now.commit && before.kind === now.kind && before.reason === now.reason
    ? before
    : now;
}
