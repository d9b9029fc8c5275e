import { compareText } from "../model/issue.ts";
import { holdfastLabel } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Cause } from "./cause.ts";
import type { PlanInput } from "./input.ts";
import type { ResourcePlan } from "./networks.ts";
import { newStep } from "./step-id.ts";
import { numberOf, projectContainers, serviceKeyOf } from "./slots.ts";

/**
 * The project's containers that no revision names. Those that carry our label, or were adopted, are stopped before
 * anything new starts (they may hold its port) and removed after the verification; others are only told of.
 */
export function planOrphans(input: PlanInput): ResourcePlan {
  const plan: ResourcePlan = { steps: [], settle: [], differences: [], notices: [] };
  const containers = projectContainers(input.observed.containers, input.desired.project).filter((container) =>
    isOrphan(container, input)
  );
  for (const container of [...containers].sort((a, b) => compareText(a.name, b.name))) {
    const resource = `container/${container.name}`;
    const cause: Cause = { kind: "orphaned" };
    if (!isOurs(container, input)) {
      plan.notices.push({
        resource,
        severity: "warning",
        message:
          `Container "${container.name}" belongs to project "${input.desired.project}" but to no service of the revision, and holdfast did not make it`,
        hint: `remove it (docker rm -f ${container.name}), or add its service to the Compose files`,
        fields: [],
      });
      continue;
    }
    const parts = { resource, cause, needs: [] };
    const { id } = container;
    if (["running", "restarting", "paused"].includes(container.state.status)) {
      plan.steps.push(newStep(parts, { kind: "container.stop", container: { id } }));
    }
    plan.settle.push(newStep(parts, { kind: "container.remove", container: { id } }));
    plan.differences.push({ resource, cause, action: "remove" });
  }
  return plan;
}

/** Whether no revision names it. */
export function isOrphan(container: ObservedContainer, { desired }: PlanInput): boolean {
  const service = desired.services.get(serviceKeyOf(container) ?? "");
  return service === undefined || numberOf(container) > service.replicas;
}

/** Whether we made or adopted it. */
export function isOurs(container: ObservedContainer, input: PlanInput): boolean {
  if (container.labels[holdfastLabel.deployment] === input.deployment) return true;
  return input.inventory.services[serviceKeyOf(container) ?? ""]?.containerId === container.id;
}
