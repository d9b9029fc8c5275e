import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { aliasesOf, environmentOf, servicesOf } from "../../src/policy/service.ts";
import { deployments, gateway, minio } from "./_names.ts";
import { isMender } from "./_release.ts";

/** What the templates, the guides and the demos publish: known to everyone. */
const placeholders = ["set-my-alias-here.com", "my-gateway-dns-name"];
const sampleHosts = ["mender.example.com", "s3.example.com"];
const publishedSecrets = [
  "ahshagheeD1ooPaeT8lut0Shaezeipoo",
  "ahshagheeD1ooPae",
  "Q3AM3UQ867SPQQA43P2F",
  "abcssadasdssado798dsfjhkksd",
  "minio123",
  "thisisnotsecure",
  "mysecretpassword",
];

/** Credentials that the templates leave without a value. */
const credentials: readonly (readonly [service: string, name: string])[] = [
  [deployments, "DEPLOYMENTS_AWS_AUTH_KEY"],
  [deployments, "DEPLOYMENTS_AWS_AUTH_SECRET"],
  [minio, "MINIO_ACCESS_KEY"],
  [minio, "MINIO_SECRET_KEY"],
];

export const m01: Policy = {
  id: "M01",
  title: "No placeholder and no published sample value is left",
  severity: "deny",
  reason:
    "the deployments service ends with NoCredentialProviders, the gateway refuses every host, and a published secret is everybody's",
  source: "Mender 2.2 docs, troubleshooting; production/config/prod.yml.template",
  remedy: "put the installation's own value in its place",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const { model } = desired;
  const missing = credentials.flatMap(([key, name]): Finding[] => {
    const service = model.services[key];
    const environment = environmentOf(service);
    if (!service || !Object.hasOwn(environment, name) || environment[name]) return [];
    const message = `"${name}" has no value, needed a credential: without one it comes from nowhere`;
    return [{ path: ["services", key, "environment", name], message }];
  });
  const gatewayHosts = environmentOf(model.services[gateway])["ALLOWED_HOSTS"];
  const hosts: Finding[] = gatewayHosts === null
    ? [{
      path: ["services", gateway, "environment", "ALLOWED_HOSTS"],
      message: `"ALLOWED_HOSTS" has no value, needed the gateway's names`,
    }]
    : [];
  const left = servicesOf(model).flatMap(([key, service]) => [
    ...Object.entries(environmentOf(service)).flatMap(([name, value]) =>
      sampleFindings(["services", key, "environment", name], name, value ?? "")
    ),
    ...aliasesOf(key, service).flatMap(({ path, alias }) => sampleFindings(path, "alias", alias)),
  ]);
  return [...missing, ...hosts, ...left];
}

function sampleFindings(path: readonly PropertyKey[], name: string, value: string): Finding[] {
  const words = value.toLowerCase().split(/[^a-z0-9.-]+/);
  const placeholder = placeholders.find((candidate) => words.includes(candidate));
  if (placeholder !== undefined) {
    return [{ path, message: `"${name}" holds the placeholder "${placeholder}", needed this installation's own name` }];
  }
  const sampleHost = sampleHosts.find((candidate) => words.includes(candidate));
  if (sampleHost !== undefined) {
    const message = `"${name}" holds the guide's "${sampleHost}", needed this installation's own name`;
    return [{ path, message, severity: "warn" }];
  }
  if (!publishedSecrets.includes(value)) return [];
  return [{
    path,
    message: `"${name}" is a sample value that Mender's documentation publishes, needed a secret of your own`,
  }];
}
