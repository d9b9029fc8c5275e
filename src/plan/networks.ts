import type { DesiredNetwork } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import { composeLabel, holdfastLabel } from "../model/labels.ts";
import type { ObservedNetwork } from "../model/observed.ts";
import type { Cause, FieldDifference } from "./cause.ts";
import { compareNetwork } from "./compare-network.ts";
import { labeledDefinition } from "./definition.ts";
import { foreignNotice, isOfProject } from "./foreign.ts";
import type { PlanInput } from "./input.ts";
import { networkLabels } from "./labels.ts";
import type { Difference, Notice } from "./plan.ts";
import { isOrphan, isOurs } from "./orphans.ts";
import { projectContainers } from "./slots.ts";
import type { Step } from "./step.ts";
import { newStep, type StepParts } from "./step-id.ts";

/** What the planner of one resource kind says. */
export interface ResourcePlan {
  readonly steps: Step[];
  readonly settle: Step[];
  readonly differences: Difference[];
  readonly notices: Notice[];
}

/** Creates what is missing, replaces what differs, and lets go of what no revision names: in key order. */
export function planNetworks(input: PlanInput): ResourcePlan {
  const plan: ResourcePlan = { steps: [], settle: [], differences: [], notices: [] };
  for (const [key, network] of [...input.desired.networks].sort(([a], [b]) => compareText(a, b))) {
    if (network.external) continue; // a missing one is an obstacle of the services that want it
    planNetwork(plan, { resource: `network/${key}`, network }, input);
  }
  for (const network of input.observed.networks.filter((have) => isOrphanedNetwork(have, input))) {
    const resource = `network/${network.labels[composeLabel.network] ?? network.name}`;
    const cause: Cause = { kind: "orphaned" };
    const foreign = foreignMembers(network, input);
    if (foreign.length > 0) {
      plan.notices.push({
        resource,
        severity: "warning",
        message:
          `Network "${network.name}" is in no revision, and is kept: containers that are not this deployment's use it: ${
            foreign.join(", ")
          }`,
        hint: "disconnect them, and it is removed",
        fields: [],
      });
      continue;
    }
    plan.settle.push(newStep({ resource, cause, needs: [] }, { kind: "network.remove", networkId: network.id }));
    plan.differences.push({ resource, cause, action: "remove" });
  }
  return plan;
}

interface WantedNetwork {
  readonly resource: string;
  readonly network: DesiredNetwork;
}

function planNetwork(plan: ResourcePlan, { resource, network }: WantedNetwork, input: PlanInput): void {
  const { name } = network.spec;
  const found = input.observed.networks.filter((candidate) => candidate.name === name);
  const [have] = found;
  if (!have) {
    const cause: Cause = { kind: "missing" };
    plan.steps.push(createNetwork(network, { resource, cause, needs: [] }, input));
    plan.differences.push({ resource, cause, action: "create" });
    return;
  }
  if (found.length > 1) {
    plan.notices.push(ambiguousNetwork(resource, found));
    return;
  }
  const foreign = foreignNotice({ resource, kind: "network", name, labels: have.labels }, input);
  const { kind, fields } = judgeNetwork(network, have, input);
  const cannot = kind === "same" || kind === "left" ? undefined : whyNotReplaced(have, input);
  if (foreign && !cannot) plan.notices.push(foreign);
  if (kind === "left") plan.notices.push(leftNetwork(resource, { have, fields }));
  if (kind === "same" || kind === "left") return;
  if (cannot !== undefined) {
    plan.notices.push({
      resource,
      severity: "error",
      message: `Cannot replace network "${name}": ${cannot}`,
      hint: "disconnect them, or declare the network as external with the options that it has",
      fields,
    });
    return;
  }
  replaceNetwork(plan, { resource, network, have, cause: { kind, fields } }, input);
}

interface Judgement {
  /** `left`: it differs, and was so from the beginning. */
  readonly kind: "same" | "left" | "changed" | "drifted";
  readonly fields: readonly FieldDifference[];
}

/**
 * A network that is as it was made or taken over has not drifted: nobody can change one. Where git's words did not change
 * either, what differs is what this Engine made of them, or what Compose leaves as it is.
 */
function judgeNetwork(network: DesiredNetwork, have: ObservedNetwork, input: PlanInput): Judgement {
  const { definitions = {} } = input.inventory;
  const known = definitions[`network/${have.name}`];
  const isKnown = known?.id === have.id;
  const recorded = labeledDefinition(have.labels, input.digestKey) ?? (isKnown ? known : undefined);
  const { git, fields } = compareNetwork(network, have, { input, recorded });
  if (fields.length === 0) return { kind: "same", fields };
  if (git === "changed") return { kind: "changed", fields };
  const isMadeHere = have.labels[holdfastLabel.deployment] === input.deployment;
  const isMadeSince = known === undefined ? isMadeHere : !isKnown;
  if (isMadeSince) return { kind: input.goingBack ? "changed" : "drifted", fields };
  const told = fields.filter(({ field, want }) => isMadeHere || field !== "attachable" || want === "true"); // docker-compose 1 made all so
  return { kind: told.length === 0 ? "same" : "left", fields: told };
}

function leftNetwork(
  resource: string,
  { have, fields }: { readonly have: ObservedNetwork; readonly fields: readonly FieldDifference[] },
): Notice {
  const isOurs = have.labels[holdfastLabel.digest] !== undefined;
  return {
    resource,
    severity: "warning",
    message: isOurs
      ? `Network "${have.name}" was made as git says, and this Engine made something else of it`
      : `Network "${have.name}" was there before holdfast and has other options than git: it is left as it is`,
    hint: isOurs
      ? "take out what this Engine does not honor, or upgrade Docker"
      : `give git the options that it has; or stop its containers and remove it (docker network rm ${have.name}): it is made again as git says`,
    fields,
  };
}

/** Engines before 23 let two networks have one name, and then refuse to connect anything by it. */
function ambiguousNetwork(resource: string, found: readonly ObservedNetwork[]): Notice {
  const each = found.map(({ id, members }) =>
    `${id.slice(0, 12)} (${members.length > 0 ? `used by ${members.map(({ name }) => name).join(", ")}` : "unused"})`
  );
  const unused = found.find(({ members }) => members.length === 0);
  return {
    resource,
    severity: "error",
    message: `${found.length} networks are called "${found[0]!.name}": ${each.join(", ")}`,
    hint: unused
      ? `remove the one that is not used: docker network rm ${unused.id.slice(0, 12)}`
      : "take the containers off one of them and remove it by its id: docker network rm ID",
    fields: [],
  };
}

/** Undefined when it may be replaced. */
function whyNotReplaced(have: ObservedNetwork, input: PlanInput): string | undefined {
  const foreign = foreignMembers(have, input);
  if (foreign.length > 0) return `containers that are not this deployment's use it: ${foreign.join(", ")}`;
  return isOfProject(have.labels, input) ? undefined : "it belongs to no project of ours";
}

/** The running members are taken off, the network is made again, and the members that stay are connected again. */
function replaceNetwork(
  plan: ResourcePlan,
  { resource, network, have, cause }: WantedNetwork & { readonly have: ObservedNetwork; readonly cause: Cause },
  input: PlanInput,
): void {
  const name = have.name;
  const off = have.members.filter(({ isUp }) => isUp).map(({ id }) => id).sort().map((id) =>
    newStep({ resource, cause, needs: [] }, { kind: "network.disconnect", network: name, container: { id } })
  );
  const needs = off.map((step) => step.id);
  const remove = newStep({ resource, cause, needs }, { kind: "network.remove", networkId: have.id });
  plan.steps.push(...off, remove, createNetwork(network, { resource, cause, needs: [remove.id] }, input));
  plan.differences.push({ resource, cause, action: "replace" });
}

function createNetwork(network: DesiredNetwork, parts: StepParts, input: PlanInput): Step {
  return newStep(parts, {
    kind: "network.create",
    spec: network.spec,
    labels: networkLabels(network, input.desired, input),
  });
}

/** Why a network is made again, by the names of those that are. */
export type ReplacedNetworks = ReadonlyMap<string, Cause["kind"]>;

/** The networks that these steps remove and create again. */
export function replacedNetworks(steps: readonly Step[]): ReplacedNetworks {
  return new Map(
    steps.flatMap((step) =>
      step.kind === "network.create" && step.needs.length > 0 ? [[step.spec.name, step.cause.kind] as const] : []
    ),
  );
}

/**
 * Names of the members that are not of the project, or that somebody made in it by hand. One that is stopped could not
 * start without the network.
 */
function foreignMembers(network: ObservedNetwork, input: PlanInput): string[] {
  const own = new Set(
    projectContainers(input.observed.containers, input.desired.project)
      .filter((container) => !isOrphan(container, input) || isOurs(container, input)).map(({ id }) => id),
  );
  return network.members.filter(({ id }) => !own.has(id))
    .map(({ name, isUp }) => isUp ? name : `${name} (stopped)`).sort(compareText);
}

/** Ours by label, and in no revision. */
function isOrphanedNetwork(network: ObservedNetwork, input: PlanInput): boolean {
  if (network.labels[composeLabel.project] !== input.desired.project) return false;
  if (
    network.labels[holdfastLabel.deployment] !== input.deployment && !input.inventory.networks.includes(network.name)
  ) return false;
  return [...input.desired.networks.values()].every((wanted) => wanted.spec.name !== network.name);
}
