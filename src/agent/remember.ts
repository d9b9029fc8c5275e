import { canonicalJson } from "../model/digest.ts";
import type { Hold, Ledger } from "../model/ledger.ts";
import { isEmptyPlan, type Plan } from "../plan/plan.ts";
import type { Deployment } from "./deployment.ts";
import { planPass } from "./plan-pass.ts";
import { holdAfterFailure, type PassFacts, recordPass } from "./record.ts";

interface Remembering {
  readonly ledger: Ledger;
  readonly facts: PassFacts;
}

/** What a pass leads to, beside the ledger as the pass read it. */
export interface Remembered {
  readonly ledger: Ledger;
  /** What differs still after the steps; absent where the pass did nothing, or failed and is told as that. */
  readonly left?: Plan;
}

/**
 * Writes down what a pass found out and did, and lets go of commits that nobody needs any more. A quiet pass has nothing
 * to remember, and writes nothing.
 *
 * @param context.ledger as the pass read it
 * @returns `failed`: the hold that this pass leads to; undefined where its revision may stay
 */
export async function remember(
  deployment: Deployment,
  { ledger, facts }: Remembering,
): Promise<{ readonly failed?: Hold; readonly left?: Plan }> {
  const { config, ports } = deployment;
  const failed = holdAfterFailure(ledger, facts);
  // The switch of the files may have written it.
  const before = isEmptyPlan(facts.plan) ? ledger : await ports.store.readLedger(config.name);
  const after = recordPass(before, { ...facts, hold: failed ?? facts.hold });
  const left = hasFailed(facts) ? undefined : planLeft(deployment, { ledger: after, facts });
  if (canonicalJson(before) === canonicalJson(after)) return { failed, left }; // a ledger that was read has no absent fields
  await ports.store.writeLedger(after);
  const keep = [after.applied?.commit, after.hold?.commit, after.attempted?.commit, ...after.placed];
  await ports.source.prune([...new Set(keep.filter((commit) => commit !== undefined))]);
  return { failed, left };
}

/** The plan of what is left to do, from the look after the steps. */
function planLeft(deployment: Deployment, { ledger, facts }: Remembering): Plan | undefined {
  const { prepared, look } = facts;
  return look && planPass(deployment, { prepared, ledger, ...look });
}

/** Then what differs is no news: the failure is. */
function hasFailed({ outcomes, health }: PassFacts): boolean {
  return health?.passed === false || outcomes.some(({ result }) => result !== "done");
}
