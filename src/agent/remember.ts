import { canonicalJson } from "../model/digest.ts";
import type { Hold, Ledger } from "../model/ledger.ts";
import { isEmptyPlan } from "../plan/plan.ts";
import type { Deployment } from "./deployment.ts";
import { holdAfterFailure, type PassFacts, recordPass } from "./record.ts";

/**
 * Writes down what a pass found out and did, and lets go of commits that nobody needs any more. A quiet pass has nothing
 * to remember, and writes nothing.
 *
 * @param context.ledger as the pass read it
 * @returns the hold that this pass leads to; undefined where its revision may stay
 */
export async function remember(
  { config, ports }: Deployment,
  { ledger, facts }: { readonly ledger: Ledger; readonly facts: PassFacts },
): Promise<Hold | undefined> {
  const failed = holdAfterFailure(ledger, facts);
  // The switch of the files may have written it.
  const before = isEmptyPlan(facts.plan) ? ledger : await ports.store.readLedger(config.name);
  const after = recordPass(before, { ...facts, hold: failed ?? facts.hold });
  if (canonicalJson(before) === canonicalJson(after)) return failed; // a ledger that was read has no absent fields
  await ports.store.writeLedger(after);
  const keep = [after.applied?.commit, after.hold?.commit, after.attempted?.commit, ...after.placed];
  await ports.source.prune([...new Set(keep.filter((commit) => commit !== undefined))]);
  return failed;
}
