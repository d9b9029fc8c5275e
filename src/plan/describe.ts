import type { ContainerRef, Step } from "./step.ts";

/** One line for one step, as plans print it and tests hold it: `+ container web (missing)`. */
export function describeStep(step: Step): string {
  return `${act(step)} (${step.cause.kind})`;
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
