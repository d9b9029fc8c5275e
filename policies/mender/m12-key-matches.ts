import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { leafOf, servedPairs } from "./_certificates.ts";
import { isMender } from "./_release.ts";

export const m12: Policy = {
  id: "M12",
  title: "Each private key belongs to its certificate",
  severity: "deny",
  reason: "the gateway does not start, or does not serve",
  source: "nginx and traefik, which refuse such a pair",
  remedy: "put the pair that was made together into the bundle",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const said = new Set<string>();
  return servedPairs(input).flatMap((pair): Finding[] => {
    const leaf = leafOf(pair);
    const key = pair.key?.pem?.privateKeys[0];
    if (!leaf || !pair.key?.pem || said.has(pair.certificate.source)) return [];
    said.add(pair.certificate.source); // from 3.1 on one pair serves both endpoints
    const { path } = pair.key;
    const of = `of the ${pair.endpoint}'s certificate`;
    if (!key) {
      return [{ path, message: `There is no private key in the file ${of}, needed the one that belongs to it` }];
    }
    if (key.encrypted) {
      return [{ path, message: `The private key ${of} is encrypted, needed one without a passphrase` }];
    }
    if (key.publicKeyDigest === leaf.publicKeyDigest) return [];
    return [{
      path,
      message: `The private key does not belong to the ${pair.endpoint}'s certificate "${leaf.subject}"`,
    }];
  });
}
