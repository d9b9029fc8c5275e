import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { allowedHostsPath, allowedHostsText } from "./_hosts.ts";
import { isAtLeast, isMender, releaseOf } from "./_release.ts";

export const m17: Policy = {
  id: "M17",
  title: "The gateway's names are separated as this release reads them",
  severity: "deny",
  reason: "with the other separator the list is one name that nobody has, and every request is refused",
  source: "mender-api-gateway-docker 2.0.0; integration d577ffe9 and config/traefik of 3.7",
  remedy: "separate the names by spaces up to Mender 2.6, by commas without spaces from 3.2 on",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const release = releaseOf(desired);
  const text = allowedHostsText(desired)?.trim();
  if (!release || !text) return [];
  const path = allowedHostsPath;
  if (isAtLeast(release, "3.2")) {
    if (!/\s/.test(text)) return [];
    return [{ path, message: `"ALLOWED_HOSTS" is "${text}", needed names separated by commas alone` }];
  }
  if (isAtLeast(release, "2.7")) {
    const message = `"ALLOWED_HOSTS" has no effect in Mender ${release.major}.${release.minor}: nothing reads it`;
    return [{ path, message, severity: "info", hint: "keep it for the upgrade, with commas, or remove it" }];
  }
  if (!/[,;]/.test(text)) return [];
  return [{ path, message: `"ALLOWED_HOSTS" is "${text}", needed names separated by spaces` }];
}
