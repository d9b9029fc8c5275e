import { nameSeparator } from "../desired/container-name.ts";
import { textOf } from "../desired/fields.ts";
import { replicasOf } from "../desired/replicas.ts";
import type { DesiredContext } from "../desired.ts";

/** A `container_name` that is the name which a container of another service gets without one. */
export function checkNames({ project, issues }: DesiredContext): void {
  const { name: projectName, services } = project.model;
  const separator = nameSeparator(project);
  const prefix = projectName + separator;
  for (const [key, service] of Object.entries(services)) {
    const name = textOf(service["container_name"]);
    if (!name?.startsWith(prefix)) continue;
    const end = name.lastIndexOf(separator); // no number holds one
    const other = name.slice(prefix.length, Math.max(end, prefix.length));
    const number = name.slice(end + 1);
    const namesake = Object.hasOwn(services, other) ? services[other]! : undefined;
    if (!namesake || namesake["container_name"] !== undefined) continue;
    if (!/^[1-9]\d*$/.test(number) || Number(number) > replicasOf(namesake)) continue;
    const path = `services.${key}.container_name`;
    issues.error("NAME_CONFLICT", path, {
      message: `${path} is ${issues.show(path, name)}, which a container of "${other}" is called`,
      hint: "give it another name, or none",
    });
  }
}
