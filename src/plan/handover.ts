import type { PublishedPort } from "../model/container.ts";
import { publishedPorts } from "../model/engine-defaults.ts";
import { compareText } from "../model/issue.ts";
import type { ObservedContainer, ObservedState } from "../model/observed.ts";
import { portsMeet } from "../model/ports.ts";
import { portText } from "./container-fields.ts";
import type { DecidedService, Decision } from "./decision.ts";
import type { PlanInput } from "./input.ts";
import { isOrphan, isOurs } from "./orphans.ts";
import { projectContainers, slotLabel } from "./slots.ts";
import type { ContainerRef, Step } from "./step.ts";

/**
 * A host port that moves from one service to another: the container that takes it starts when the one that has it was
 * stopped.
 */
export function handOverPorts(steps: readonly Step[], { containers }: ObservedState): Step[] {
  const portsOf = (ref: ContainerRef): readonly PublishedPort[] => {
    const created = "created" in ref ? steps.find((step) => step.id === ref.created) : undefined;
    const spec = "id" in ref
      ? containers.find(({ id }) => id === ref.id)?.spec
      : created?.kind === "container.create" && created.spec;
    return spec ? publishedPorts(spec) : [];
  };
  const stops = steps.flatMap((step) =>
    step.kind === "container.stop" ? [{ id: step.id, ports: portsOf(step.container) }] : []
  );
  return steps.map((step) => {
    if (step.kind !== "container.start") return step;
    const wanted = portsOf(step.container);
    const freed = stops.filter(({ ports }) => sharedPort(wanted, ports));
    return freed.length === 0 ? step : {
      ...step,
      needs: [...new Set([...step.needs, ...freed.map(({ id }) => id)])].sort(compareText),
      takesOverPort: true,
    };
  });
}

/**
 * Slots whose port a container of the project has that stays: one that nobody here made, or one of a service that is
 * blocked itself. By label.
 */
export function portsNotGivenUp(decided: readonly DecidedService[], input: PlanInput): Map<string, Decision> {
  const staying = stayingContainers(decided, input);
  const blocked = new Map<string, Decision>();
  for (const { service, slots } of decided) {
    if (service.desired === "stopped") continue;
    for (const { slot, decision } of slots) {
      if (decision.kind === "keep" || decision.kind === "blocked") continue;
      for (const holder of staying) {
        const port = sharedPort(
          publishedPorts(service.spec).filter(isFixed),
          publishedPorts(holder.spec).filter(isFixed),
        );
        if (!port) continue;
        const label = slotLabel(service, slot.number);
        blocked.set(label, {
          kind: "blocked",
          notice: {
            resource: `service/${label}`,
            severity: "error",
            message: `Cannot publish "${
              portText(port)
            }": container "${holder.name}" of this project has that port, and it stays`,
            hint: `see why "${holder.name}" stays, stop it, or give one of the two another port`,
            fields: [],
          },
        });
      }
    }
  }
  return blocked;
}

/** The project's containers with ports that no step of this plan will stop. */
function stayingContainers(decided: readonly DecidedService[], input: PlanInput): ObservedContainer[] {
  const kept = new Set(
    decided.flatMap(({ slots }) => slots).filter(({ decision }) => decision.kind === "blocked")
      .flatMap(({ slot }) => slot.candidates),
  );
  return projectContainers(input.observed.containers, input.desired.project)
    .filter(({ state }) => ["running", "restarting", "paused"].includes(state.status))
    .filter((container) => kept.has(container) || (isOrphan(container, input) && !isOurs(container, input)))
    .sort((a, b) => compareText(a.name, b.name));
}

/** The first of `wanted` that any of the others may take. */
function sharedPort(wanted: readonly PublishedPort[], others: readonly PublishedPort[]): PublishedPort | undefined {
  return wanted.find((port) => others.some((other) => portsMeet(port, other)));
}

/** Of a range the Engine takes one that is free. */
function isFixed({ published }: PublishedPort): boolean {
  return /^\d+$/.test(published);
}
