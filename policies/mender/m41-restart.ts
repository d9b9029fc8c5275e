import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { servicesOf, text } from "../../src/policy/service.ts";
import { isMender } from "./_release.ts";

export const m41: Policy = {
  id: "M41",
  title: "Every service starts again after a crash",
  severity: "warn",
  reason: "minio, storage-proxy and nats have no restart policy upstream: they stay down after a crash or a boot",
  source: "effective model of mendersoftware/integration 2.2 to 3.8",
  remedy: "add restart: on-failure to the service",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]): Finding[] => {
    const restart = text(service["restart"]);
    if (restart !== "" && restart !== "no") return [];
    return [{ path: ["services", key, "restart"], message: "No restart policy, needed one" }];
  });
}
