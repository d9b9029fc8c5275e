import type { Dependency, DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import type { PlanInput } from "./input.ts";
import { sharedServices } from "./peers.ts";
import type { SlotSteps } from "./step-line.ts";
import { replicaLabel } from "./slots.ts";
import type { Step, WaitCondition } from "./step.ts";
import { newStep } from "./step-id.ts";

/** What a service waits for before it starts: starts of this plan, and waits for health or completion. */
export function dependencySteps(
  service: DesiredService,
  planned: ReadonlyMap<string, readonly SlotSteps[]>,
  input: PlanInput,
): { readonly steps: Step[]; readonly needs: string[] } {
  const steps: Step[] = [];
  const needs: string[] = [];
  for (const dependency of awaited(service)) {
    for (const [index, slot] of (planned.get(dependency.service) ?? []).entries()) {
      if (slot.started) needs.push(slot.started);
      const until = waitCondition[dependency.condition];
      if (!until || !slot.container || (!slot.started && isMet(until, slot, input))) continue;
      const step = newStep({
        resource: `service/${replicaLabel(dependency.service, index + 1)}`,
        cause: { kind: "missing" },
        needs: slot.started ? [slot.started] : [],
      }, {
        kind: "container.wait",
        container: slot.container,
        until,
        timeoutSeconds: input.waitTimeoutSeconds,
      });
      needs.push(step.id);
      steps.push(step);
    }
  }
  return { steps, needs };
}

/**
 * The dependencies that must be there before, by service. The failure of one that is not required must not hold the
 * service back, so nothing waits for it; but nothing starts in namespaces of a container that does not run.
 */
function awaited({ spec, dependsOn }: DesiredService): Pick<Dependency, "service" | "condition">[] {
  const required = dependsOn.filter((dependency) => dependency.required);
  const shared = sharedServices(spec).filter((key) => !required.some((dependency) => dependency.service === key));
  return [...required, ...shared.map((key) => ({ service: key, condition: "service_started" as const }))]
    .sort((a, b) => compareText(a.service, b.service));
}

const waitCondition: Record<string, WaitCondition | undefined> = {
  service_healthy: "healthy",
  service_completed_successfully: "completed",
};

/** Whether a container that this plan does not start is already what its dependents need. */
function isMet(until: WaitCondition, { container }: SlotSteps, { observed }: PlanInput): boolean {
  const state = observed.containers.find((have) => container && "id" in container && have.id === container.id)?.state;
  return until === "healthy" ? state?.health === "healthy" : state?.status === "exited" && state.exitCode === 0;
}
