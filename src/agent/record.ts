import type { AppliedRevision, Hold, Inventory, Ledger } from "../model/ledger.ts";
import { composeLabel, holdfastLabel } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Health } from "../model/health.ts";
import type { AsMade } from "../plan/as-made.ts";
import { isEmptyPlan, obstaclesOf, type Plan } from "../plan/plan.ts";
import { slotNames } from "../plan/slots.ts";
import type { Outcome, Step } from "../plan/step.ts";
import { sameHold } from "./choose-revision.ts";
import type { Look } from "./look.ts";
import type { PreparedRevision } from "./prepare.ts";

/** What a pass found out and did, for the ledger. */
export interface PassFacts {
  readonly prepared: PreparedRevision;
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** Absent when nothing was verified. */
  readonly health?: Health;
  /** The project's containers after the pass; those that were verified, as the verification saw them last. */
  readonly containers: readonly ObservedContainer[];
  /** The host after the steps; absent where the pass did nothing. */
  readonly look?: Look;
  /** What the Engine made of the containers that the pass created, by id. */
  readonly asMade?: Readonly<Record<string, AsMade>>;
  /** What each network and volume was made from; absent where that was not looked at. */
  readonly definitions?: Inventory["definitions"];
  /** Why the tip is not enforced. */
  readonly hold?: Hold;
  /** Something is in the way of the revision. */
  readonly isObstructed?: boolean;
  readonly at: string;
}

/** The ledger after a pass. A revision becomes the applied one when all its steps are done and its verification passed. */
export function recordPass(ledger: Ledger, facts: PassFacts): Ledger {
  if (facts.isObstructed && facts.hold?.kind !== "failed") return recordObstructed(ledger, facts);
  const { commit, tree } = facts.prepared.revision;
  const done = facts.outcomes.every((outcome) => outcome.result === "done");
  const verified = done && (facts.health?.passed ?? ledger.verified);
  const isFirst = ledger.applied === undefined;
  const isNew = ledger.applied?.commit !== commit;
  const applied: AppliedRevision | undefined = done && isNew && (verified || isFirst)
    ? { commit, tree, at: facts.at }
    : ledger.applied;
  // What answers for the applied revision is the way back until another one is verified.
  const keepsInventory = (!verified && !isFirst) || (isEmptyPlan(facts.plan) && !facts.health);
  return {
    ...ledger,
    applied,
    attempted: isNew || !done ? { commit, at: facts.at, outcome: done ? "applied" : "failed" } : ledger.attempted,
    highest: facts.hold ? ledger.highest : commit,
    hold: facts.hold,
    verified,
    inventory: {
      ...(keepsInventory ? ledger.inventory : inventoryOf(facts)),
      ...recordedOf(ledger, facts),
    },
  };
}

/** Nothing is applied or verified over an obstacle, and what answers for the applied revision stays the way back. */
function recordObstructed(ledger: Ledger, facts: PassFacts): Ledger {
  const { commit } = facts.prepared.revision;
  const { attempted } = ledger;
  const isKnown = attempted?.commit === commit && attempted.outcome === "held";
  return {
    ...ledger,
    attempted: isKnown ? attempted : { commit, at: facts.at, outcome: "held" },
    hold: facts.hold,
    inventory: { ...ledger.inventory, ...recordedOf(ledger, facts) },
  };
}

/** The hold of a revision that is not applied yet, while something is in the way of its services. */
export function holdByObstacle(
  ledger: Ledger,
  { prepared, plan, at }: Pick<PassFacts, "prepared" | "plan" | "at">,
): Hold | undefined {
  const { commit } = prepared.revision;
  const obstacles = obstaclesOf(plan).map(({ resource, message }) => `${resource}: ${message}`);
  if (obstacles.length === 0 || ledger.applied?.commit === commit) return undefined;
  return sameHold(ledger.hold, { commit, kind: "obstructed", reason: [...new Set(obstacles)].join("; "), at });
}

/** What a new revision that failed leads to; undefined while it may be tried again as it is. */
export function holdAfterFailure(ledger: Ledger, facts: PassFacts): Hold | undefined {
  const { commit } = facts.prepared.revision;
  if (ledger.applied === undefined || ledger.applied.commit === commit) return undefined;
  if (facts.prepared.manifest.verify.onFailure === "continue" || facts.health?.superseded) return undefined;
  const failed = facts.outcomes.find((outcome) => outcome.result === "failed");
  if (failed && !endsRevision(failed)) return undefined;
  const reason = failed?.error?.message ??
    facts.health?.failures.map((failure) => `${failure.resource} ${failure.message}`)[0];
  const isOver = failed !== undefined || facts.health?.passed === false;
  return isOver ? { commit, kind: "failed", reason: reason ?? "its verification failed", at: facts.at } : undefined;
}

/** A step whose failure is the revision's own fault; an Engine or container that went away under it is the host's. */
function endsRevision({ step, error }: Outcome): boolean {
  if (["ENGINE_UNREACHABLE", "ENGINE_GONE", "IMAGE_MISSING"].includes(error?.code ?? "")) return false;
  return ofRevision.has(step.kind);
}

/** What a revision asks for: a subnet that overlaps another is its fault as a command that does not run is. */
const ofRevision: ReadonlySet<Step["kind"]> = new Set([
  "container.start",
  "container.wait",
  "container.create",
  "container.restart",
  "network.create",
  "network.connect",
  "volume.create",
]);

/** What was made of what is there, whatever came of the pass. */
function recordedOf(ledger: Ledger, facts: PassFacts): Pick<Inventory, "made" | "definitions"> {
  return {
    made: madeOf(ledger, facts),
    definitions: facts.definitions ?? ledger.inventory.definitions ?? {},
  };
}

/** What the Engine made of each container and network of ours that is still there, beside those of this pass. */
function madeOf({ inventory }: Ledger, { look, outcomes, asMade = {} }: PassFacts): Inventory["made"] {
  const { made = {} } = inventory;
  if (!look) return made;
  const { containers, networks } = look.observed;
  const there = new Set([...containers, ...networks].map(({ id }) => id));
  const isNew = new Set(outcomes.flatMap(({ id }) => id ?? []));
  const ids = [...Object.keys(made), ...isNew].filter((id) => there.has(id)).sort();
  return Object.fromEntries(ids.map((id) => [id, asMade[id] ?? made[id] ?? {}]));
}

function inventoryOf({ prepared, containers, health }: PassFacts): Inventory {
  const { desired } = prepared;
  const answers = new Map([...desired.services.values()].map((service) => [service.key, slotNames(service)[0]]));
  const services = containers.filter((container) =>
    container.labels[composeLabel.project] === desired.project &&
    answers.get(container.labels[composeLabel.service] ?? "") === container.name
  ).map((container) =>
    [container.labels[composeLabel.service]!, {
      containerId: container.id,
      digest: container.labels[holdfastLabel.digest] ?? "",
      ran: health?.passed === true && container.state.status === "running",
    }] as const
  );
  return {
    services: Object.fromEntries(services.sort(([a], [b]) => a < b ? -1 : 1)),
    networks: [...desired.networks.values()].filter((network) => !network.external).map((network) => network.spec.name)
      .sort(),
    volumes: [...desired.volumes.values()].map((volume) => volume.spec.name).sort(),
  };
}
