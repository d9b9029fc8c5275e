import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { pemAt } from "../../src/policy/pems.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { servedPairs } from "./_certificates.ts";
import { deployments } from "./_names.ts";
import { during } from "./_release.ts";

export const m10: Policy = {
  id: "M10",
  title: "The deployments service trusts the certificate that the storage serves",
  severity: "deny",
  reason: "its entrypoint passes over a file that is not there, and every upload ends with x509: unknown authority",
  source: "deployments 1.8.0, entrypoint.sh; Mender 2.2 docs, certificates and keys",
  remedy: "bind the storage's certificate to the path that STORAGE_BACKEND_CERT names",
  appliesTo: during({ until: "3.4" }),
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const target = environmentOf(input.desired.model.services[deployments])["STORAGE_BACKEND_CERT"];
  if (!target) return [];
  const path = ["services", deployments, "environment", "STORAGE_BACKEND_CERT"];
  const trusted = pemAt(input, { key: deployments, target });
  if (!trusted) {
    return [{
      path,
      message: `"STORAGE_BACKEND_CERT" is "${target}", where nothing is bound, needed the storage's certificate`,
    }];
  }
  const served = servedPairs(input).find(({ endpoint }) => endpoint === "storage")?.certificate;
  if (!served?.pem || !trusted.pem) return [];
  const fingerprints = trusted.pem.certificates.map(({ fingerprint }) => fingerprint);
  if (served.pem.certificates.some(({ fingerprint }) => fingerprints.includes(fingerprint))) return [];
  // An authority of the served certificate's issuer is as good.
  const issuers = served.pem.certificates.map(({ issuer }) => issuer);
  if (trusted.pem.certificates.some(({ subject }) => issuers.includes(subject))) return [];
  return [{
    path: trusted.path,
    message: "The bound certificate is not the one that the storage serves, needed that one",
  }];
}
