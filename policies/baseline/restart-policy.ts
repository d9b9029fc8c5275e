import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { record, servicesOf, text } from "../../src/policy/service.ts";

export const restartPolicy: Policy = {
  id: "restart-policy",
  title: "Containers start again after a crash",
  severity: "warn",
  reason: "without a restart policy a service stays down after a crash, and after a reboot until holdfast looks again",
  source: "CIS Docker Benchmark, on-failure restart policy; KICS, Restart Policy On Failure Not Set To 5",
  remedy: `set "restart: unless-stopped", or "on-failure"`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]): Finding[] => {
    const restart = text(service["restart"]);
    const condition = text(record(record(service["deploy"])["restart_policy"])["condition"]);
    if ((restart !== "" && restart !== "no") || (condition !== "" && condition !== "none")) return [];
    if (desired.services.get(key)?.desired === "stopped") return [];
    const path = restart === "" ? ["services", key] : ["services", key, "restart"];
    return [{ path, message: "No restart policy, needed one" }];
  });
}
