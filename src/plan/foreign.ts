import { composeLabel, holdfastLabel } from "../model/labels.ts";
import type { PlanInput } from "./input.ts";
import type { Notice } from "./plan.ts";
import type { Labels } from "./step.ts";

/** A network or volume on the host that has a name which git gives to one of ours. */
export interface Namesake {
  readonly resource: string;
  readonly kind: "network" | "volume";
  /** Docker name. */
  readonly name: string;
  readonly labels: Labels;
}

/** Made by Compose or by us, for this project. */
export function isOfProject(labels: Labels, { desired, deployment }: PlanInput): boolean {
  return labels[composeLabel.project] === desired.project || labels[holdfastLabel.deployment] === deployment;
}

/** Compose warns of it, too, and uses it: two projects may share one on purpose, or by mistake. */
export function foreignNotice({ resource, kind, name, labels }: Namesake, input: PlanInput): Notice | undefined {
  if (isOfProject(labels, input)) return undefined;
  const owner = labels[composeLabel.project];
  const whose = owner === undefined ? "neither Compose nor holdfast made it" : `it was made for project "${owner}"`;
  const title = kind === "network" ? "Network" : "Volume";
  return {
    resource,
    severity: "warning",
    message: `${title} "${name}" is used as it is: ${whose}`,
    hint: `if that is meant, declare it as external; if not, give this ${kind} another name`,
    fields: [],
  };
}
