import { compareText } from "../../model/issue.ts";
import { nameSeparator } from "../desired/container-name.ts";
import { textOf } from "../desired/fields.ts";
import { replicasOf } from "../desired/replicas.ts";
import type { DesiredContext } from "../desired.ts";

/** A `container_name` that is the name which a container of another service gets without one. */
export function checkNames({ project, issues }: DesiredContext): void {
  const { name: projectName, services } = project.model;
  const separator = nameSeparator(project);
  const unnamed = Object.entries(services).filter(([, service]) => service["container_name"] === undefined);
  for (const [key, service] of Object.entries(services)) {
    const name = textOf(service["container_name"]);
    const other = unnamed.map(([other]) => other).sort(compareText).find((other) => {
      const prefix = [projectName, other, ""].join(separator);
      const number = name?.startsWith(prefix) ? name.slice(prefix.length) : "";
      return /^[1-9]\d*$/.test(number) && Number(number) <= replicasOf(services[other]!);
    });
    if (other === undefined) continue;
    const path = `services.${key}.container_name`;
    issues.error("NAME_CONFLICT", path, {
      message: `${path} is ${issues.show(path, name!)}, which a container of "${other}" is called`,
      hint: "give it another name, or none",
    });
  }
}
