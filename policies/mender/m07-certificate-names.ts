import type { CertificateFact } from "../../src/model/certificates.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { covers, leafOf, servedPairs } from "./_certificates.ts";
import { allowedHosts } from "./_hosts.ts";
import { isAtLeast, isMender, releaseOf } from "./_release.ts";
import { storageUri } from "./_storage.ts";

export const m07: Policy = {
  id: "M07",
  title: "Each certificate is for the names that devices use",
  severity: "deny",
  reason: "devices and the deployments service refuse the connection",
  source: "Mender 2.2 docs, certificates and keys",
  remedy: "make the certificate again with these names, and seal it into the bundle",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const { desired } = input;
  const storageHost = storageUri(desired)?.url?.hostname;
  const release = releaseOf(desired);
  // From 3.1 on, the services are built with a Go that looks at the alternative names alone.
  const sansOnly = release !== undefined && isAtLeast(release, "3.1");
  const said = new Set<string>();
  return servedPairs(input).flatMap((pair) => {
    const leaf = leafOf(pair);
    if (!leaf) return [];
    const wanted = pair.endpoint === "gateway"
      ? allowedHosts(desired).filter(isPlainName)
      : storageHost
      ? [storageHost]
      : [];
    return wanted.filter((host) => !covers(sansOnly ? leaf.sans : leaf.names, host)).flatMap((host) => {
      const finding = `${pair.certificate.source} ${host}`;
      if (said.has(finding)) return []; // from 3.1 on one pair serves both endpoints
      said.add(finding);
      return [{ path: pair.certificate.path, message: describe(pair.endpoint, leaf, host) }];
    });
  });
}

function describe(endpoint: string, { names }: CertificateFact, host: string): string {
  const found = names.length === 0 ? "no name" : `"${names.join(" ")}"`;
  const subject = `The ${endpoint}'s certificate is for ${found}`;
  return covers(names, host)
    ? `${subject}, "${host}" only as the common name, which is no longer looked at, needed it as an alternative name`
    : `${subject}, needed "${host}" among its names`;
}

/** Up to 2.6 an entry that starts with `~` is a pattern; M19 judges it. */
function isPlainName(host: string): boolean {
  return !/[~/&\s]/.test(host);
}
