import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import { sharedServices } from "./peers.ts";
import type { Step } from "./step.ts";

/** Services in an order in which each comes after those it depends on; a cycle, which the loader refuses, ends at its first member. */
export function dependencyOrder(services: ReadonlyMap<string, DesiredService>): DesiredService[] {
  const ordered: DesiredService[] = [];
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const service = services.get(key);
    if (!service || seen.has(key)) return;
    seen.add(key);
    const needed = [...service.dependsOn.map((dependency) => dependency.service), ...sharedServices(service.spec)];
    for (const other of needed.sort(compareText)) visit(other);
    ordered.push(service);
  };
  for (const key of [...services.keys()].sort(compareText)) visit(key);
  return ordered;
}

/**
 * Steps in an order that satisfies `needs`, otherwise as they came. What is needed but is no step of this plan needs
 * nothing: it holds already.
 *
 * @throws Error on a defect of a planner: two steps with one id, or steps that wait for each other
 */
export function orderSteps(steps: readonly Step[]): Step[] {
  const ids = new Set<string>();
  for (const { id } of steps) {
    if (ids.has(id)) throw new Error(`two steps are called "${id}"`);
    ids.add(id);
  }
  const pending = steps.map((step) => ({ ...step, needs: step.needs.filter((id) => ids.has(id)) }));
  const done = new Set<string>();
  const ordered: Step[] = [];
  while (ordered.length < pending.length) {
    const ready = pending.filter((step) => !done.has(step.id) && step.needs.every((id) => done.has(id)));
    if (ready.length === 0) {
      throw new Error(
        `steps wait for each other: ${pending.filter((s) => !done.has(s.id)).map((s) => s.id).join(", ")}`,
      );
    }
    for (const step of ready) done.add(step.id);
    ordered.push(...ready);
  }
  return ordered;
}
