import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { list, record, servicesOf, text } from "../../src/policy/service.ts";

export const devices: Policy = {
  id: "devices",
  title: "No device of the host in a container",
  severity: "deny",
  reason: "a device is reached past every file permission; a disk is the whole host",
  source: "CIS Docker Benchmark, host devices are not directly exposed",
  remedy: "remove the device, or waive devices for this service",
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]) =>
    list(service["devices"]).map((device, index) => ({
      path: ["services", key, "devices", index],
      message: `"${
        text(record(device)["source"]) || text(device)
      }" is a device of the host, needed a container without it`,
    }))
  );
}
