import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { hostPathsOf, isBelow } from "../../src/policy/service.ts";

const secretFolder = /(?:^|\/)\.(?:ssh|aws|kube|docker|gnupg|azure|config\/gcloud)(?:\/|$)/;

export const homeSecrets: Policy = {
  id: "home-secrets",
  title: "No operator's credentials in a container",
  severity: "deny",
  reason: "the container holds keys to other machines, which a break-in takes along",
  source: "OrcaCD, policy for home folders; OWASP Docker Security Cheat Sheet",
  remedy: "give the service a credential of its own, from the keys bundle",
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return hostPathsOf(desired.model).flatMap(({ path, source }) => {
    if (isBelow(source, desired.folders.checkout) || !secretFolder.test(source)) return [];
    return [{ path, message: `"${source}" holds an operator's credentials, needed credentials of the service` }];
  });
}
