import type { PemFacts } from "../../src/model/certificates.ts";
import { boundPems } from "../../src/policy/pems.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { servicesOf } from "../../src/policy/service.ts";
import { demoKeys } from "./_demo-keys.ts";
import { isMender } from "./_release.ts";

export const m23: Policy = {
  id: "M23",
  title: "No key that everybody has",
  severity: "deny",
  reason: "anyone can make tokens for administrators and devices, or stand in for the server",
  source: "the certs, keys and cert folders of mendersoftware/integration and mender-server",
  remedy: "make keys of your own, and seal them into the bundle",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const bound = servicesOf(input.desired.model).flatMap(([key]) => boundPems(input, key));
  const seen = new Set(bound.map(({ source }) => source));
  const folder = input.desired.folders.keys ?? "";
  const unbound = [...input.keyPems].filter(([path]) => !seen.has(`${folder}/${path}`));
  return [
    ...bound.flatMap(({ path, source, pem }) => pem ? judge(path, fileName(source, input), pem) : []),
    ...unbound.flatMap(([path, pem]) => judge([], path, pem)),
  ];
}

function judge(path: readonly PropertyKey[], file: string, pem: PemFacts): Finding[] {
  const digests = [...pem.certificates, ...pem.privateKeys].map(({ publicKeyDigest }) => publicKeyDigest);
  return [...new Set(digests)].flatMap((digest) => {
    const origin = demoKeys.get(digest);
    return origin === undefined
      ? []
      : [{ path, message: `"${file}" is the published key of ${origin}, needed one of your own` }];
  });
}

function fileName(source: string, { desired }: PolicyInput): string {
  const { checkout } = desired.folders;
  return source.startsWith(`${checkout}/`) ? source.slice(checkout.length + 1) : source;
}
