import type { PrivateKeyFact } from "../../src/model/certificates.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { isAtLeast, isMender, type Release, releaseOf } from "./_release.ts";
import { type SigningKey, signingKeys } from "./_signing-keys.ts";

/** What keygen makes. */
const leastBits = 3072;

export const m20: Policy = {
  id: "M20",
  title: "The keys that sign tokens are RSA keys that this release reads, one for each service",
  severity: "deny",
  reason: "a service that cannot read its key ends at once; a shared key, once lost, opens users and devices alike",
  source: "deviceauth 2.1.0 and useradm 1.9.0, keys/key.go; Mender 2.2 docs, certificates and keys",
  remedy: `make RSA keys of 3072 bits; before Mender 3.4 in the old form: "openssl rsa -traditional"`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const release = releaseOf(input.desired);
  const keys = signingKeys(input);
  const findings = keys.flatMap((key) => {
    const fact = key.file?.pem?.privateKeys[0];
    return key.file && fact
      ? judge(key.service, fact, release).map((finding) => ({ ...finding, path: key.file!.path }))
      : [];
  });
  const [first, second] = keys.map(digestOf);
  const last = keys[1]?.file;
  if (first && first === second && last) {
    const message = `The key of ${keys[1]!.service} is that of ${keys[0]!.service}, needed one for each`;
    findings.push({ path: last.path, message, severity: "warn" });
  }
  return findings;
}

function judge(service: string, fact: PrivateKeyFact, release: Release | undefined): Omit<Finding, "path">[] {
  if (fact.encrypted) return [{ message: `The key of ${service} is encrypted, needed one without a passphrase` }];
  if (fact.algorithm !== "rsa") {
    return [{ message: `The key of ${service} is of kind "${fact.algorithm}", needed an RSA key` }];
  }
  const findings: Omit<Finding, "path">[] = [];
  if (fact.pemType !== "RSA PRIVATE KEY" && release && !isAtLeast(release, "3.4")) {
    const message = `The key of ${service} is a "${fact.pemType}", needed an "RSA PRIVATE KEY" before Mender 3.4`;
    findings.push({ message, hint: `convert it with "openssl rsa -traditional", and seal the bundle again` });
  }
  if ((fact.bits ?? 0) < leastBits) {
    const message = `The key of ${service} has ${fact.bits} bits, needed ${leastBits}`;
    findings.push({ message, severity: "warn" });
  }
  return findings;
}

function digestOf(key: SigningKey): string | undefined {
  return key.file?.pem?.privateKeys[0]?.publicKeyDigest || undefined;
}
