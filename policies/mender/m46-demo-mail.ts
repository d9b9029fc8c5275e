import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { during } from "./_release.ts";

const emailSender = "mender-email-sender";

export const m46: Policy = {
  id: "M46",
  title: "The mail service sends mail",
  severity: "warn",
  reason: "in demo mode the welcome mail to a new organization is not sent",
  source: "mendersoftware/integration 2.2.0, docker-compose.enterprise.yml",
  remedy: `set DEMO: "false" for ${emailSender} in config/enterprise.yml`,
  appliesTo: during({ until: "2.3", edition: "enterprise" }),
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  if (environmentOf(desired.model.services[emailSender])["DEMO"] !== "true") return [];
  return [{ path: ["services", emailSender, "environment", "DEMO"], message: `"DEMO" is "true", needed "false"` }];
}
