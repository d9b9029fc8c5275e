import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { servicesOf, text } from "../../src/policy/service.ts";

export const containerName: Policy = {
  id: "container-name",
  title: "Container names are valid, and each is used once",
  severity: "deny",
  reason: "the Engine refuses the second container of a name, in the middle of the deployment",
  source: "dclint, no-duplicate-container-names; Docker Engine API, ContainerCreate",
  remedy: `remove "container_name": Compose names the container after project and service`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const holders = new Map<string, string>();
  return servicesOf(desired.model).flatMap(([key, service]): Finding[] => {
    const name = text(service["container_name"]);
    if (name === "") return [];
    const path = ["services", key, "container_name"];
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]+$/.test(name)) {
      return [{ path, message: `"${name}" is no name for a container, needed letters, digits, "_", "." and "-"` }];
    }
    const holder = holders.get(name);
    if (holder === undefined) holders.set(name, key);
    return holder === undefined
      ? []
      : [{ path, message: `"${name}" is the name of service "${holder}" too, needed another` }];
  });
}
