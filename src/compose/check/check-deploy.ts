import { report, type ServiceAt } from "./_consistency.ts";
import { entry, type Node, show, whereIs } from "../tree/node.ts";

/** Keys that say what `deploy` says too must say the same. */
export function checkDeploy(at: ServiceAt): void {
  const { service, path } = at;
  const deploy = entry(service, "deploy");
  const scale = entry(service, "scale");
  const replicas = entry(deploy, "replicas");
  const differ = (own: Node, key: string, other: Node | undefined, otherKey: string): void =>
    report(at, "COMPOSE_CONFLICT", own, {
      path: `${path}.${key}`,
      message: `${path}.${key} is ${show(own)}, ${otherKey} is ${
        other ? `${show(other)} (${whereIs(other)})` : "not said"
      }`,
      hint: other ? "say it once" : `say it as \`${otherKey}\` instead`,
    });
  if (scale && replicas && numberOf(scale) !== numberOf(replicas)) differ(scale, "scale", replicas, "deploy.replicas");
  for (const [key, node] of [["scale", scale], ["deploy.replicas", replicas]] as const) {
    if (node && numberOf(node) < 0) {
      report(at, "COMPOSE_VALUE", node, {
        path: `${path}.${key}`,
        message: `${path}.${key} is ${show(node)}, less than 0`,
        hint: "write 0 or more",
      });
    }
  }
  const limits = entry(entry(deploy, "resources"), "limits");
  const reservations = entry(entry(deploy, "resources"), "reservations");
  const pairs = [
    ["cpus", limits, "cpus", "limits"],
    ["mem_limit", limits, "memory", "limits"],
    ["mem_reservation", reservations, "memory", "reservations"],
    ["pids_limit", limits, "pids", "limits"],
  ] as const;
  for (const [key, resources, otherKey, kind] of pairs) {
    const own = entry(service, key);
    if (!own || !resources) continue;
    const other = entry(resources, otherKey);
    if (Number(numberOf(own)) !== Number(other ? numberOf(other) : 0)) {
      differ(own, key, other, `deploy.resources.${kind}.${otherKey}`);
    }
  }
  const name = entry(service, "container_name");
  const count = scale ?? replicas;
  if (name && count && numberOf(count) > 1) {
    report(at, "COMPOSE_CONFLICT", name, {
      path: `${path}.container_name`,
      message: `${path} has a \`container_name\` and ${show(count)} containers`,
      hint: "take `container_name` away, or run one container",
    });
  }
}

/** NaN for what is no scalar. */
export function numberOf(node: Node): number {
  return node.kind === "scalar" ? Number(node.value) : NaN;
}
