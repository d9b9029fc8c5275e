import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { pemAt } from "../../src/policy/pems.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { useradm } from "./_names.ts";
import { isAtLeast, isMender, releaseOf } from "./_release.ts";
import { signingKeys } from "./_signing-keys.ts";

export const m21: Policy = {
  id: "M21",
  title: "Each service finds its signing key where this edition looks",
  severity: "deny",
  reason: "the service signs with the key that its image brings, which everybody has, or does not start",
  source: "mendersoftware/integration 9a2e38a2",
  remedy: "bind the key of the bundle to that path",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

const enterpriseTarget = "/etc/useradm-enterprise/rsa/private.pem";

function check(input: PolicyInput): Finding[] {
  const missing = signingKeys(input).filter(({ file }) => file === undefined).map(({ service, target }) => ({
    path: ["services", service, "volumes"],
    message: `Nothing is bound to "${target}", needed the key of ${service}`,
  }));
  const release = releaseOf(input.desired);
  const service = input.desired.model.services[useradm];
  const mustBeEnterprise = release?.edition === "enterprise" && isAtLeast(release, "3.3") && service &&
    !environmentOf(service)["USERADM_SERVER_PRIV_KEY_PATH"] &&
    missing.every(({ path }) => path[1] !== useradm);
  if (!mustBeEnterprise || pemAt(input, { key: useradm, target: enterpriseTarget })) return missing;
  const message =
    `Nothing is bound to "${enterpriseTarget}", where the Enterprise edition looks for the key of ${useradm}`;
  return [...missing, { path: ["services", useradm, "volumes"], message }];
}
