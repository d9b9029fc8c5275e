import type { Plan } from "./plan.ts";
import type { ContainerRef, Step } from "./step.ts";

/** One line for one step, as plans print it and tests hold it: `+ container web (missing)`. */
export function describeStep(step: Step): string {
  return `${act(step)} (${step.cause.kind})`;
}

/**
 * A plan's steps as numbered lines with their edges, settling after the rest: `3. [1,2] + create web (missing)` waits for
 * the steps 1 and 2.
 */
export function describeEdges({ steps, settle }: Pick<Plan, "steps" | "settle">): string[] {
  const all = [...steps, ...settle];
  const numbers = new Map(all.map((step, index) => [step.id, index + 1]));
  const edges = all.map(({ needs }) =>
    `[${needs.flatMap((id) => numbers.get(id) ?? []).sort((a, b) => a - b).join(",")}]`
  );
  const width = Math.max(0, ...edges.map((edge) => edge.length));
  const digits = String(all.length).length;
  return all.map((step, index) =>
    `${String(index + 1).padStart(digits)}. ${edges[index]!.padEnd(width)} ${describeStep(step)}`
  );
}

function act(step: Step): string {
  switch (step.kind) { // no default: a forgotten variant does not compile
    case "image.pull":
      return `+ pull ${step.image}`;
    case "network.create":
      return `+ network ${step.spec.name}`;
    case "network.remove":
      return `- ${step.resource}`;
    case "network.connect":
      return `~ connect ${target(step.container, step.resource)} to ${step.network}`;
    case "network.disconnect":
      return `~ disconnect ${target(step.container, step.resource)} from ${step.network}`;
    case "volume.create":
      return `+ volume ${step.spec.name}`;
    case "files.switch":
      return "~ switch files";
    case "container.create":
      return `+ create ${step.name}`;
    case "container.rename":
      return `~ rename ${target(step.container, step.resource)} to ${step.name}`;
    case "container.update":
      return `~ update ${target(step.container, step.resource)}`;
    case "container.start":
      return `~ start ${target(step.container, step.resource)}`;
    case "container.stop":
      return `~ stop ${target(step.container, step.resource)}`;
    case "container.restart":
      return `~ restart ${target(step.container, step.resource)}`;
    case "container.unpause":
      return `~ unpause ${target(step.container, step.resource)}`;
    case "container.remove":
      return `- remove ${target(step.container, step.resource)}`;
    case "container.wait":
      return `~ wait until ${step.resource} is ${step.until}`;
  }
}

/** `service/web` for the container that the plan makes, with the id for one that is there. */
function target(container: ContainerRef, resource: string): string {
  return "id" in container ? `${resource} ${container.id.slice(0, 12)}` : resource;
}
