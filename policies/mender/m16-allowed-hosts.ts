import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { allowedHostsPath, allowedHostsText } from "./_hosts.ts";
import { gateway } from "./_names.ts";
import { during } from "./_release.ts";

export const m16: Policy = {
  id: "M16",
  title: "The gateway is told its names",
  severity: "deny",
  reason: `the gateway ends at once with "ALLOWED_HOSTS undefined, exiting", again and again`,
  source: "mender-api-gateway-docker 2.0.0, entrypoint.sh",
  remedy: "set ALLOWED_HOSTS to the gateway's public names, separated by spaces",
  appliesTo: during({ until: "2.6" }),
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  if (!desired.model.services[gateway] || allowedHostsText(desired)?.trim()) return [];
  return [{ path: allowedHostsPath, message: `"ALLOWED_HOSTS" has no value, needed the gateway's public names` }];
}
