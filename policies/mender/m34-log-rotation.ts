import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { record, text } from "../../src/policy/service.ts";
import { deployments, deviceAuth, gateway, inventory, useradm } from "./_names.ts";
import { isMender } from "./_release.ts";

export const m34: Policy = {
  id: "M34",
  title: "The talkative services rotate their logs",
  severity: "warn",
  reason: "each device fills them with every poll; with ten files of 50 MB the five hold 2.5 GB at most",
  source: "Mender production installation guide, logging",
  remedy: `set "logging.options" with max-file "10" and max-size "50m"`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return [deployments, deviceAuth, gateway, inventory, useradm].flatMap((key): Finding[] => {
    const service = desired.model.services[key];
    const logging = record(service?.["logging"]);
    if (!service || !["", "json-file"].includes(text(logging["driver"]))) return [];
    const missing = ["max-file", "max-size"].filter((name) => text(record(logging["options"])[name]) === "");
    if (missing.length === 0) return [];
    return [{ path: ["services", key, "logging"], message: `${missing.join(" and ")} missing, needed both` }];
  });
}
