import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { allowedHosts, allowedHostsPath } from "./_hosts.ts";
import { during } from "./_release.ts";

export const m19: Policy = {
  id: "M19",
  title: "The gateway's names are plain DNS names",
  severity: "deny",
  reason: "the list goes through sed into nginx.conf: a pattern turns the check off, other signs break the file",
  source: "mender-api-gateway-docker 2.0.0, entrypoint.sh",
  remedy: "write every name out",
  appliesTo: during({ until: "2.6" }),
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return allowedHosts(desired).filter((name) => !/^[a-z0-9_.-]+$/.test(name)).map((name) => ({
    path: allowedHostsPath,
    message: `"ALLOWED_HOSTS" holds "${name}", needed a plain DNS name`,
  }));
}
