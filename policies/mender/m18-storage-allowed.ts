import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { allowedHosts, allowedHostsPath, allowedHostsText } from "./_hosts.ts";
import { during } from "./_release.ts";
import { storageUri } from "./_storage.ts";

export const m18: Policy = {
  id: "M18",
  title: "The gateway answers for the storage's name too",
  severity: "deny",
  reason: "the router for foreign names comes before all others, and answers every download with nothing",
  source: "mendersoftware/integration 3.7.11, config/traefik/traefik.yaml, router hostname-checker",
  remedy: "add the storage's public name to ALLOWED_HOSTS",
  appliesTo: during({ since: "3.2" }),
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const host = storageUri(desired)?.url?.hostname;
  if (!host || !allowedHostsText(desired) || allowedHosts(desired).includes(host)) return [];
  return [{
    path: allowedHostsPath,
    message: `"ALLOWED_HOSTS" lacks the storage's name "${host}", needed it in the list`,
  }];
}
