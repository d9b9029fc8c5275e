import { compareText } from "../model/issue.ts";
import type { Cause } from "./cause.ts";
import type { ContainerRef, Step, StepKind } from "./step.ts";

/** A step as its planner says it: what it does, to what, why and after what. */
export interface StepParts {
  /** `service/web[2]`, `container/old`, `network/default`. */
  readonly resource: string;
  readonly cause: Cause;
  readonly needs: readonly string[];
}

/**
 * Every planner makes its steps here: the id says what is done to what, so two steps have one id only if they are the
 * same act, which `orderSteps()` refuses.
 */
export function newStep({ resource, cause, needs }: StepParts, step: StepKind): Step {
  return {
    id: stepId(labelOf(resource), step),
    resource,
    cause,
    needs: [...new Set(needs)].sort(compareText),
    ...step,
  };
}

/** The id of the step that pulls an image, for those that need it. */
export function pullStepId(image: string): string {
  return `image.pull ${image}`;
}

/** The id of the step that creates a network, for those that need it. */
export function networkStepId(name: string): string {
  return `network.create ${name}`;
}

/** The id of the step that creates a volume, for those that need it. */
export function volumeStepId(name: string): string {
  return `volume.create ${name}`;
}

/** The id of the step that puts the files in place, for those that need it. */
export const filesStepId = "files.switch";

/** @param label of the slot: `web`, `web[2]` */
export function createStepId(label: string): string {
  return `container.create ${label}`;
}

function stepId(label: string, step: StepKind): string {
  switch (step.kind) { // no default: a forgotten variant does not compile
    case "image.pull":
      return pullStepId(step.image);
    case "network.create":
      return networkStepId(step.spec.name);
    case "network.remove":
      return `${step.kind} ${label} ${shortId(step.networkId)}`;
    case "network.connect":
    case "network.disconnect":
      return `${step.kind} ${step.network} ${"id" in step.container ? shortId(step.container.id) : label}`;
    case "volume.create":
      return volumeStepId(step.spec.name);
    case "files.switch":
      return filesStepId;
    case "container.create":
      return createStepId(label);
    case "container.rename":
      return `${step.kind} ${who(label, step.container)} to ${step.name}`;
    case "container.wait":
      return `${step.kind} ${label} ${step.until}`;
    case "container.update":
    case "container.start":
    case "container.stop":
    case "container.restart":
    case "container.unpause":
    case "container.remove":
      return `${step.kind} ${who(label, step.container)}`;
  }
}

/** A container that is there is told by its id, too: others may claim the same service, or be called like it. */
function who(label: string, container: ContainerRef): string {
  return "id" in container ? `${label} ${shortId(container.id)}` : label;
}

function shortId(id: string): string {
  return id.slice(0, 12);
}

/** `web[2]` of `service/web[2]`; an image or a file may have slashes of its own. */
function labelOf(resource: string): string {
  return resource.slice(resource.indexOf("/") + 1);
}
