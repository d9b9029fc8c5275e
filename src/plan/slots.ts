import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import { composeLabel } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Slot } from "./decision.ts";

/** The containers that a service is to have, each with those that carry its labels: predecessors among them. */
export function slotsOf(service: DesiredService, containers: readonly ObservedContainer[]): Slot[] {
  const own = containers.filter((container) => serviceKeyOf(container) === service.key);
  return Array.from({ length: service.replicas }, (_, index) => {
    const number = index + 1;
    const candidates = own.filter((container) => numberOf(container) === number);
    return { number, name: slotName(service, number), candidates: [...candidates].sort(newestFirst) };
  });
}

/** `web`, or `web[2]` from the second replica on. */
export function slotLabel(service: DesiredService, number: number): string {
  return replicaLabel(service.key, number);
}

/** What a predecessor is called while its successor is not verified: as Compose calls one. */
export function asideName(id: string, name: string): string {
  return `${id.slice(0, 12)}_${name}`;
}

/** The same by the service's key. */
export function replicaLabel(key: string, number: number): string {
  return number === 1 ? key : `${key}[${number}]`;
}

/** The project's containers, one-off ones (`docker compose run`) apart: those are never touched. */
export function projectContainers(containers: readonly ObservedContainer[], project: string): ObservedContainer[] {
  return containers.filter((container) =>
    container.labels[composeLabel.project] === project && container.labels[composeLabel.oneoff] !== "True"
  );
}

/** Compose's key of the service; undefined for a container that neither Compose nor holdfast made. */
export function serviceKeyOf(container: ObservedContainer): string | undefined {
  return container.labels[composeLabel.service];
}

/** Of the replica, from 1. */
export function numberOf(container: ObservedContainer): number {
  return Number(container.labels[composeLabel.containerNumber] ?? "1") || 1;
}

/** Docker names of all containers that a service is to have. */
export function slotNames(service: DesiredService): string[] {
  return Array.from({ length: service.replicas }, (_, index) => slotName(service, index + 1));
}

function slotName(service: DesiredService, number: number): string {
  return number === 1 ? service.name : service.name.replace(/1$/, String(number));
}

function newestFirst(a: ObservedContainer, b: ObservedContainer): number {
  return compareText(b.createdAt, a.createdAt) || compareText(a.id, b.id);
}
