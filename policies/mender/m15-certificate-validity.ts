import type { CertificateFact } from "../../src/model/certificates.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { servedPairs } from "./_certificates.ts";
import { isMender } from "./_release.ts";

/** Devices need the new certificate beside the old one before the switch: that takes a rollout to all of them. */
const noticeDays = 90;
const dayMs = 86_400_000;

export const m15: Policy = {
  id: "M15",
  title: "Certificates are valid, and stay so for a while",
  severity: "deny",
  reason: "every device is locked out: x509: certificate has expired or is not yet valid",
  source: "Mender 2.2 docs, certificates and keys, troubleshooting",
  remedy: "make a new certificate; give devices both before the server switches",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const said = new Set<string>();
  return servedPairs(input).flatMap(({ endpoint, certificate }) => {
    if (said.has(certificate.source)) return [];
    said.add(certificate.source); // from 3.1 on one pair serves both endpoints
    return (certificate.pem?.certificates ?? []).flatMap((fact) => {
      const finding = judge(fact, input.now);
      return finding ? [{ path: certificate.path, ...finding, message: `The ${endpoint}'s ${finding.message}` }] : [];
    });
  });
}

function judge(fact: CertificateFact, now: Date): Pick<Finding, "message" | "severity"> | undefined {
  const name = `certificate "${fact.subject}"`;
  const end = fact.notAfter.slice(0, 10);
  if (now.getTime() < Date.parse(fact.notBefore)) return { message: `${name} is valid from ${fact.notBefore} only` };
  const leftMs = Date.parse(fact.notAfter) - now.getTime();
  if (leftMs <= 0) return { message: `${name} expired on ${end}` };
  if (leftMs > noticeDays * dayMs) return undefined;
  return { message: `${name} expires on ${end}`, severity: "warn" };
}
