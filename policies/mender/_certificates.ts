import type { CertificateFact } from "../../src/model/certificates.ts";
import { type BoundPem, pemAt } from "../../src/policy/pems.ts";
import type { PolicyInput } from "../../src/policy/policy.ts";
import { gateway, storageProxy } from "./_names.ts";

/** A certificate that devices see, and its private key. */
export interface ServedPair {
  readonly endpoint: "gateway" | "storage";
  readonly service: string;
  readonly certificate: BoundPem;
  readonly key?: BoundPem;
}

/** Where the images look for certificate and key, newest first: 3.0 and later, 2.7, up to 2.6. */
const gatewayFiles = [
  ["/etc/traefik/certs/cert.crt", "/etc/traefik/certs/private.key"],
  ["/certs/cert.crt", "/certs/private.key"],
  ["/var/www/mendersoftware/cert/cert.crt", "/var/www/mendersoftware/cert/private.key"],
] as const;
const storageFiles = [
  [gateway, "/etc/traefik/certs/s3.docker.mender.io.crt", "/etc/traefik/certs/s3.docker.mender.io.key"],
  [gateway, "/certs/s3.docker.mender.io.crt", "/certs/s3.docker.mender.io.key"],
  [storageProxy, "/var/www/storage-proxy/cert/cert.crt", "/var/www/storage-proxy/cert/private.key"],
] as const;

/** The pairs that the deployment binds; from 3.1 on one pair serves both. */
export function servedPairs(input: PolicyInput): readonly ServedPair[] {
  const ofGateway = gatewayFiles.flatMap(([certificate, key]) =>
    pair(input, { endpoint: "gateway", service: gateway, certificate, key })
  ).slice(0, 1);
  const ofStorage = storageFiles.flatMap(([service, certificate, key]) =>
    pair(input, { endpoint: "storage", service, certificate, key })
  ).slice(0, 1);
  if (ofStorage.length > 0) return [...ofGateway, ...ofStorage];
  return [...ofGateway, ...ofGateway.map((one) => ({ ...one, endpoint: "storage" as const }))];
}

/** Whether a name is among names, or under a wildcard among them, which stands for one part. */
export function covers(names: readonly string[], host: string): boolean {
  const name = host.toLowerCase();
  const parent = name.slice(name.indexOf("."));
  return names.some((candidate) => candidate === name || (candidate === `*${parent}` && parent.length > 1));
}

/** What operators call a certificate: its file. */
export function leafOf(pair: ServedPair): CertificateFact | undefined {
  return pair.certificate.pem?.certificates[0];
}

interface PairFiles {
  readonly endpoint: ServedPair["endpoint"];
  readonly service: string;
  readonly certificate: string;
  readonly key: string;
}

function pair(input: PolicyInput, { endpoint, service, certificate, key }: PairFiles): ServedPair[] {
  const found = pemAt(input, { key: service, target: certificate });
  if (!found) return [];
  const privateKey = pemAt(input, { key: service, target: key });
  return [{ endpoint, service, certificate: found, ...(privateKey ? { key: privateKey } : {}) }];
}
