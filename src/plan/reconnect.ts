import type { NetworkAttachment } from "../model/container.ts";
import type { DecidedService } from "./decision.ts";
import type { PlanInput } from "./input.ts";
import type { Step } from "./step.ts";
import { networkStepId, newStep } from "./step-id.ts";

/**
 * Members that the replacement of a network takes off it and that no decision over a service connects again, or stops: a
 * service that something stands in the way of keeps its container as it was, and so does what is not ours to change, or
 * names the network as its mode.
 */
export function reconnectOthers(
  steps: readonly Step[],
  decided: readonly DecidedService[],
  input: Pick<PlanInput, "observed">,
): Step[] {
  const judged = decided.filter(({ service }) => service.spec.networkMode === undefined).flatMap(({ slots }) => slots)
    .filter(({ decision }) => decision.kind !== "blocked");
  const handled = new Set(judged.flatMap(({ slot }) => slot.candidates.map(({ id }) => id)));
  for (const step of steps) {
    if (step.kind === "container.stop" && "id" in step.container) handled.add(step.container.id);
  }
  return steps.flatMap((step) => {
    if (step.kind !== "network.disconnect" || !("id" in step.container) || handled.has(step.container.id)) return [];
    const { network, resource, cause, container } = step;
    const { id: containerId } = step.container;
    const attachment = input.observed.containers.find(({ id }) => id === containerId)
      ?.spec.networks.find(({ name }) => name === network);
    if (!attachment) return [];
    const needs = [networkStepId(network)];
    return [newStep({ resource, cause, needs }, { kind: "network.connect", network, container, attachment })];
  });
}

/** Who asks for an address comes before those who take any: one of them might be given it. */
export function connectFixedFirst(steps: readonly Step[]): Step[] {
  const fixed = steps.filter((step) => step.kind === "network.connect" && hasFixedAddress(step.attachment));
  return steps.map((step) => {
    if (step.kind !== "network.connect" || hasFixedAddress(step.attachment)) return step;
    const first = fixed.filter((other) => other.kind === "network.connect" && other.network === step.network);
    return first.length === 0 ? step : { ...step, needs: [...new Set([...step.needs, ...first.map(({ id }) => id)])] };
  });
}

export function hasFixedAddress({ ipv4Address, ipv6Address }: NetworkAttachment): boolean {
  return Boolean(ipv4Address) || Boolean(ipv6Address);
}
