import type { DesiredNetwork } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import { composeLabel, holdfastLabel } from "../model/labels.ts";
import type { ObservedNetwork } from "../model/observed.ts";
import type { Cause } from "./cause.ts";
import { compareNetwork } from "./compare-network.ts";
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
  const have = input.observed.networks.find((candidate) => candidate.name === network.spec.name);
  if (!have) {
    const cause: Cause = { kind: "missing" };
    plan.steps.push(createNetwork(network, { resource, cause, needs: [] }, input));
    plan.differences.push({ resource, cause, action: "create" });
    return;
  }
  const fields = compareNetwork(network, have, input);
  if (fields.length === 0) return;
  const foreign = foreignMembers(have, input);
  if (have.labels[composeLabel.project] !== input.desired.project || foreign.length > 0) {
    const why = foreign.length > 0
      ? `containers outside this project use it: ${foreign.join(", ")}`
      : "it belongs to no project of ours";
    plan.notices.push({
      resource,
      severity: "error",
      message: `Cannot replace network "${have.name}": ${why}`,
      hint: "disconnect them, or declare the network as external with the options that it has",
      fields,
    });
    return;
  }
  const changed = have.labels[composeLabel.configHash] !== network.configHash;
  const cause: Cause = { kind: changed ? "changed" : "drifted", fields };
  replaceNetwork(plan, { resource, network, have, cause }, input);
}

/** The members are taken off, the network is made again, and the members that stay are connected again. */
function replaceNetwork(
  plan: ResourcePlan,
  { resource, network, have, cause }: WantedNetwork & { readonly have: ObservedNetwork; readonly cause: Cause },
  input: PlanInput,
): void {
  const name = have.name;
  const off = [...have.containers].sort().map((id) =>
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

/** Names of the networks that these steps remove and create again. */
export function replacedNetworks(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(
    steps.flatMap((step) => step.kind === "network.create" && step.needs.length > 0 ? [step.spec.name] : []),
  );
}

/** Names of the running members that are not of the project, or that somebody made in it by hand. */
function foreignMembers(network: ObservedNetwork, input: PlanInput): string[] {
  const own = new Set(
    projectContainers(input.observed.containers, input.desired.project)
      .filter((container) => !isOrphan(container, input) || isOurs(container, input)).map(({ id }) => id),
  );
  return network.containers.filter((id) => !own.has(id)).map((id) => id.slice(0, 12)).sort();
}

/** Ours by label, in no revision, and used by nobody else. */
function isOrphanedNetwork(network: ObservedNetwork, input: PlanInput): boolean {
  if (network.labels[composeLabel.project] !== input.desired.project) return false;
  if (
    network.labels[holdfastLabel.deployment] !== input.deployment && !input.inventory.networks.includes(network.name)
  ) return false;
  if ([...input.desired.networks.values()].some((wanted) => wanted.spec.name === network.name)) return false;
  return foreignMembers(network, input).length === 0;
}
