import type { DesiredContext } from "../desired.ts";
import { fieldsOf, listOf, textsOf } from "../desired/fields.ts";
import { replicasOf } from "../desired/replicas.ts";
import { countExposed } from "../forms/ports.ts";
import { limits } from "../limits.ts";

/**
 * Counts what few characters make many of, before anything makes them: containers, and ports that each container exposes.
 *
 * @returns false when it is too much; the reason is in the issues
 */
export function checkAmounts({ project, issues }: DesiredContext): boolean {
  let [containers, ports] = [0, 0];
  for (const [key, service] of Object.entries(project.model.services)) {
    const path = `services.${key}`;
    if (key.length > limits.nameLength) {
      issues.error("COMPOSE_VALUE", path, {
        message:
          `The name of a service has ${key.length} characters, at most ${limits.nameLength} make a container's name`,
        hint: "give it a shorter name",
      });
      return false;
    }
    containers += replicasOf(service);
    if (containers > limits.containers) {
      const scaled = service["scale"] === undefined && fieldsOf(service["deploy"])["replicas"] !== undefined;
      issues.error("COMPOSE_VALUE", scaled ? `${path}.deploy.replicas` : `${path}.scale`, {
        message: `With "${key}" the project has ${containers} containers, at most ${limits.containers} are run`,
        hint: "run fewer of them on one host",
      });
      return false;
    }
    ports += listOf(service["ports"]).length;
    for (const [index, text] of textsOf(service["expose"]).entries()) {
      ports += countExposed(text);
      if (ports <= limits.servicePorts) continue;
      issues.error("COMPOSE_VALUE", `${path}.expose[${index}]`, {
        message: `With "${key}" the project publishes or exposes more than ${limits.servicePorts} ports`,
        hint: "take `expose` away: containers of one network reach all ports of each other",
      });
      return false;
    }
  }
  return true;
}
