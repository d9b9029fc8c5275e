import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { list } from "../../src/policy/service.ts";
import { deployments, deviceAuth, inventory, useradm } from "./_names.ts";
import { isMender } from "./_release.ts";

export const m27: Policy = {
  id: "M27",
  title: "Services migrate their databases when they start",
  severity: "deny",
  reason: "without it a service checks the version of its database and ends",
  source: "mendersoftware/integration d76d5824",
  remedy: "write: command: server --automigrate",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return [deployments, deviceAuth, inventory, useradm].flatMap((key): Finding[] => {
    const service = desired.model.services[key];
    // Without a command the image's own runs, which is judged nowhere.
    if (!Array.isArray(service?.["command"]) || list(service["command"]).includes("--automigrate")) return [];
    return [{ path: ["services", key, "command"], message: `The command lacks "--automigrate"` }];
  });
}
