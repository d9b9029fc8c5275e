import type { AsMade } from "./as-made.ts";
import { madeBy } from "./findings.ts";
import type { PlanInput } from "./input.ts";
import type { Difference } from "./plan.ts";
import { projectContainers, slotLabel, slotsOf } from "./slots.ts";
import type { ContainerRef } from "./step.ts";

/** What an Engine made of the containers of one pass. */
export interface MadeContainers {
  /** By id: to be remembered. */
  readonly asMade: Readonly<Record<string, AsMade>>;
  /** Fields that git names and the Engine did not take: told once, for another try would end the same. */
  readonly unhonored: readonly Difference[];
}

/**
 * @param ids of the containers that were created
 * @param input with the host as it was seen right afterwards
 */
export function whatWasMade(ids: ReadonlySet<string>, input: PlanInput): MadeContainers {
  const containers = projectContainers(input.observed.containers, input.desired.project);
  const slots = [...input.desired.services.values()].flatMap((service) =>
    slotsOf(service, containers).map((slot) => ({
      service,
      slot,
      current: slot.candidates.find((candidate) => candidate.name === slot.name),
    }))
  );
  const peers = new Map<string, ContainerRef>(
    slots.flatMap(({ service, slot, current }) =>
      current && slot.number === 1 ? [[service.key, { id: current.id }] as const] : []
    ),
  );
  const asMade: Record<string, AsMade> = {};
  const unhonored: Difference[] = [];
  for (const { service, slot, current } of slots) {
    if (!current || !ids.has(current.id)) continue;
    const made = madeBy(service, current, { input, peers });
    asMade[current.id] = made.asMade;
    const fields = made.findings.map(({ difference }) => difference).filter(({ want }) => want !== "");
    if (fields.length === 0) continue;
    const resource = `service/${slotLabel(service, slot.number)}`;
    unhonored.push({ resource, cause: { kind: "drifted", fields }, action: "left" });
  }
  return { asMade, unhonored };
}
