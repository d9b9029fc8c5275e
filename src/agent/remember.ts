import { canonicalJson, type DigestKey } from "../model/digest.ts";
import type { Hold, Inventory, Ledger } from "../model/ledger.ts";
import { countCorrections } from "../plan/corrections.ts";
import { knownDefinitions } from "../plan/known-definitions.ts";
import { whatWasMade } from "../plan/made.ts";
import { type Difference, isEmptyPlan, type Plan } from "../plan/plan.ts";
import { planDeployment } from "../plan/plan-deployment.ts";
import type { Deployment } from "./deployment.ts";
import type { Look } from "./look.ts";
import { planInput } from "./plan-pass.ts";
import { holdAfterFailure, type PassFacts, recordPass } from "./record.ts";

interface Remembering {
  readonly ledger: Ledger;
  readonly facts: PassFacts;
  /** Where the pass did nothing, the host as it found it. */
  readonly found: Look;
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
 * @returns `failed`: the hold that this pass leads to; undefined where its revision may stay. `unhonored`: what git names
 *   and the Engine did not take of the containers that this pass made
 */
export async function remember(
  deployment: Deployment,
  { ledger, facts, found }: Remembering,
): Promise<{ readonly failed?: Hold; readonly left?: Plan; readonly unhonored?: readonly Difference[] }> {
  const { config, ports } = deployment;
  const failed = holdAfterFailure(ledger, facts);
  // The switch of the files may have written it.
  const before = isEmptyPlan(facts.plan) ? ledger : await ports.store.readLedger(config.name);
  const made = facts.look && whatWasMade(madeIds(facts), planInput(deployment, { ...facts, ledger, ...facts.look }));
  const unhonored = made?.unhonored.length ? made.unhonored : undefined;
  const seen = facts.look ?? (facts.outcomes.length === 0 ? found : undefined);
  const recorded = recordPass({ ...before, corrections: ledger.corrections }, {
    ...facts,
    hold: failed ?? facts.hold,
    asMade: made?.asMade,
    definitions: seen && definitionsIn(seen, { ledger: before, facts, key: deployment.digestKey }),
  });
  const { after, left } = judgeLook(deployment, { ledger: recorded, facts });
  if (canonicalJson(before) === canonicalJson(after)) return { failed, left, unhonored }; // a ledger that was read has no absent fields
  await ports.store.writeLedger(after);
  const keep = [after.applied?.commit, after.hold?.commit, after.attempted?.commit, ...after.placed];
  await ports.source.prune([...new Set(keep.filter((commit) => commit !== undefined))]);
  return { failed, left, unhonored };
}

/** Ids of the resources that the pass created. */
function madeIds({ outcomes }: PassFacts): ReadonlySet<string> {
  return new Set(outcomes.flatMap(({ id }) => id ?? []));
}

function definitionsIn(
  { observed }: Look,
  { ledger, facts, key }: { readonly ledger: Ledger; readonly facts: PassFacts; readonly key: DigestKey },
): Inventory["definitions"] {
  return knownDefinitions(ledger.inventory.definitions, { desired: facts.prepared.desired, observed, key });
}

/** What is left to do by the look after the steps, and which corrections did not last. */
function judgeLook(
  deployment: Deployment,
  { ledger, facts }: Omit<Remembering, "found">,
): { after: Ledger; left?: Plan } {
  const { prepared, look, plan, at } = facts;
  if (!look) return { after: ledger };
  const input = planInput(deployment, { prepared, ledger, ...look });
  const left = hasFailed(facts) ? undefined : planDeployment(input);
  const made = madeIds(facts);
  const seen = { corrected: plan.corrected ?? [], left: left?.corrected, made, at };
  const corrections = countCorrections(ledger.corrections ?? {}, seen, input);
  // What is given up from now on is told as that.
  return { after: { ...ledger, corrections }, left: left && planDeployment({ ...input, corrections }) };
}

/** Then what differs is no news: the failure is. */
function hasFailed({ outcomes, health }: PassFacts): boolean {
  return health?.passed === false || outcomes.some(({ result }) => result !== "done");
}
