import type { LoadedProject } from "../load.ts";
import { textOf } from "./fields.ts";

type NamedProject = Pick<LoadedProject, "model" | "environment">;

/**
 * What Compose writes between project, service and number: its version 1 wrote `_`, which a true value of
 * COMPOSE_COMPATIBILITY (`1`, `t`, `true` or `y`) asks for.
 */
export function nameSeparator({ environment }: NamedProject): "-" | "_" {
  const asked = environment.get("COMPOSE_COMPATIBILITY")?.value ?? "";
  return /^\s*(?:1|t|true|y)\s*$/i.test(asked) ? "_" : "-";
}

/** The Docker name of the first container of a service. */
export function containerName(project: NamedProject, key: string): string {
  const { name, services } = project.model;
  return textOf(services[key]?.["container_name"]) ?? [name, key, "1"].join(nameSeparator(project));
}
