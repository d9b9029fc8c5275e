import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { record, servicesOf } from "../../src/policy/service.ts";

export const memoryLimit: Policy = {
  id: "memory-limit",
  title: "Containers have a memory limit",
  severity: "warn",
  reason: "one leaking service takes the host's memory, and the kernel ends others for it",
  source: "CIS Docker Benchmark, memory usage for containers is limited; KICS, Memory Not Limited",
  remedy: `set "mem_limit", or "deploy.resources.limits.memory"`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]): Finding[] => {
    const limits = record(record(record(service["deploy"])["resources"])["limits"]);
    if (service["mem_limit"] || limits["memory"]) return [];
    return [{ path: ["services", key], message: "No memory limit, needed one" }];
  });
}
