import type { CertificateFact, PemFacts, PrivateKeyFact } from "../../../src/model/certificates.ts";
import type { ComposeService, Json } from "../../../src/model/compose.ts";
import type { JudgedParts } from "../policies.ts";

export const editions = ["2.2 open-source", "2.2 enterprise", "3.7 open-source", "3.7 enterprise"] as const;
export type Edition = (typeof editions)[number];

/** What a test may change of an installation before it is judged. */
export interface Installation {
  readonly services: Record<string, { [key: string]: Json }>;
  readonly keyPems: Record<string, PemFacts>;
  readonly trackedPems: Record<string, PemFacts>;
}

const keysFolder = "/srv/demo/production/keys-generated";
const rotation = { options: { "max-file": "10", "max-size": "50m" } };

/** A finished production installation with which the pack finds no fault, for one edition; `change` breaks it. */
export function installation(edition: Edition, change: (parts: Installation) => void = () => {}): JudgedParts {
  const [release, kind] = edition.split(" ");
  const isEnterprise = kind === "enterprise";
  const parts: Installation = release === "2.2" ? ofRelease22(isEnterprise) : ofRelease37(isEnterprise);
  change(parts);
  return parts;
}

/** The environment of a service, to be changed. */
export function environmentOf(parts: Installation, key: string): { [name: string]: Json } {
  return (parts.services[key]!["environment"] ??= {}) as { [name: string]: Json };
}

export function certificate(names: readonly string[], more: Partial<CertificateFact> = {}): CertificateFact {
  return {
    subject: `CN=${names[0]}`,
    issuer: `CN=${names[0]}`,
    names,
    sans: names,
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2035-12-30T00:00:00.000Z",
    selfSigned: true,
    fingerprint: `f-${names[0]}`,
    publicKeyDigest: `k-${names[0]}`,
    ...more,
  };
}

export function privateKey(publicKeyDigest: string, more: Partial<PrivateKeyFact> = {}): PrivateKeyFact {
  return { algorithm: "ec", pemType: "PRIVATE KEY", encrypted: false, publicKeyDigest, ...more };
}

export function signingKey(publicKeyDigest: string, more: Partial<PrivateKeyFact> = {}): PrivateKeyFact {
  return privateKey(publicKeyDigest, { algorithm: "rsa", bits: 3072, pemType: "RSA PRIVATE KEY", ...more });
}

export function pem(...facts: readonly (CertificateFact | PrivateKeyFact)[]): PemFacts {
  return {
    certificates: facts.filter((fact): fact is CertificateFact => "subject" in fact),
    privateKeys: facts.filter((fact): fact is PrivateKeyFact => "pemType" in fact),
    damaged: [],
  };
}

function ofRelease22(isEnterprise: boolean): Installation {
  const image = (name: string, tag: string) => imageName(name, tag, isEnterprise);
  const services = {
    "mender-api-gateway": {
      image: "mendersoftware/api-gateway:2.0.0",
      environment: { ALLOWED_HOSTS: "mender.acme.test www.acme.test" },
      ports: [port(443)],
      volumes: [
        key("certs/api-gateway/cert.crt", "/var/www/mendersoftware/cert/cert.crt"),
        key("certs/api-gateway/private.key", "/var/www/mendersoftware/cert/private.key"),
      ],
    },
    "storage-proxy": {
      image: "openresty/openresty:1.13.6.2-0-alpine",
      environment: { DOWNLOAD_SPEED: "1m", MAX_CONNECTIONS: "100" },
      ports: [port(9000)],
      volumes: [
        key("certs/storage-proxy/cert.crt", "/var/www/storage-proxy/cert/cert.crt"),
        key("certs/storage-proxy/private.key", "/var/www/storage-proxy/cert/private.key"),
      ],
      networks: { mender: { aliases: ["s3.docker.mender.io", "s3.acme.test"] } },
    },
    "mender-deployments": {
      image: image("deployments", "1.8.0"),
      environment: {
        ...storageCredentials,
        DEPLOYMENTS_AWS_URI: "https://s3.acme.test:9000",
        STORAGE_BACKEND_CERT: "/etc/ssl/certs/storage-proxy.crt",
      },
      volumes: [key("certs/storage-proxy/cert.crt", "/etc/ssl/certs/storage-proxy.crt")],
    },
    "mender-device-auth": { image: "mendersoftware/deviceauth:2.1.0", volumes: [deviceKey] },
    "mender-useradm": { image: image("useradm", "1.9.0"), volumes: [userKey("useradm")] },
    "mender-inventory": { image: "mendersoftware/inventory:1.6.0" },
    "mender-mongo": { image: "mongo:3.4", volumes: [volume("mender-db", "/data/db")] },
    minio,
    ...(isEnterprise ? { "mender-tenantadm": { image: "registry.mender.io/mendersoftware/tenantadm:1.0.0" } } : {}),
  };
  const keyPems = {
    "certs/api-gateway/cert.crt": pem(certificate(["mender.acme.test", "www.acme.test"])),
    "certs/api-gateway/private.key": pem(privateKey("k-mender.acme.test")),
    "certs/storage-proxy/cert.crt": pem(certificate(["s3.acme.test"])),
    "certs/storage-proxy/private.key": pem(privateKey("k-s3.acme.test")),
    ...signingKeys,
  };
  return { services: finished(services), keyPems, trackedPems: {} };
}

function ofRelease37(isEnterprise: boolean): Installation {
  const image = (name: string) => imageName(name, "mender-3.7.11", isEnterprise);
  const services = {
    "mender-api-gateway": {
      image: "traefik:v2.10",
      environment: { ALLOWED_HOSTS: "mender.acme.test,s3.acme.test" },
      ports: [port(443)],
      volumes: [
        key("cert/cert.crt", "/etc/traefik/certs/cert.crt"),
        key("cert/private.key", "/etc/traefik/certs/private.key"),
      ],
      networks: { mender: { aliases: ["s3.acme.test"] } },
    },
    "mender-deployments": {
      image: image("deployments"),
      environment: {
        ...storageCredentials,
        DEPLOYMENTS_AWS_EXTERNAL_URI: "https://s3.acme.test",
        DEPLOYMENTS_AWS_URI: "http://minio:9000",
        STORAGE_BACKEND_CERT: "/etc/ssl/certs/docker.mender.io.crt",
      },
    },
    "mender-device-auth": { image: image("deviceauth"), volumes: [deviceKey] },
    "mender-useradm": {
      image: image("useradm"),
      volumes: [userKey("useradm"), ...(isEnterprise ? [userKey("useradm-enterprise")] : [])],
    },
    "mender-inventory": { image: image("inventory") },
    "mender-mongo": { image: "mongo:5.0", volumes: [volume("mender-db", "/data/db")] },
    minio,
  };
  const keyPems = {
    "cert/cert.crt": pem(certificate(["mender.acme.test", "s3.acme.test"])),
    "cert/private.key": pem(privateKey("k-mender.acme.test")),
    ...signingKeys,
  };
  return { services: finished(services), keyPems, trackedPems: {} };
}

const storageCredentials = { DEPLOYMENTS_AWS_AUTH_KEY: "acme-storage", DEPLOYMENTS_AWS_AUTH_SECRET: "Xk2-ahNg8eeph" };
const minio = {
  image: "minio/minio:RELEASE.2021-04-22T15-44-28Z",
  command: ["server", "/export"],
  environment: { MINIO_ACCESS_KEY: "acme-storage", MINIO_SECRET_KEY: "Xk2-ahNg8eeph" },
  volumes: [volume("mender-artifacts", "/export")],
};
const deviceKey = key("keys/deviceauth/private.key", "/etc/deviceauth/rsa/private.pem");
const signingKeys = {
  "keys/deviceauth/private.key": pem(signingKey("k-deviceauth")),
  "keys/useradm/private.key": pem(signingKey("k-useradm")),
};

function userKey(folder: string) {
  return key("keys/useradm/private.key", `/etc/${folder}/rsa/private.pem`);
}

function key(source: string, target: string) {
  return { type: "bind", source: `${keysFolder}/${source}`, target, read_only: true };
}

function volume(source: string, target: string) {
  return { type: "volume", source, target, volume: {} };
}

function port(number: number) {
  return { mode: "ingress", target: number, published: String(number), protocol: "tcp" };
}

function imageName(name: string, tag: string, isEnterprise: boolean): string {
  return isEnterprise ? `registry.mender.io/mendersoftware/${name}-enterprise:${tag}` : `mendersoftware/${name}:${tag}`;
}

/** Each with what all services have, and a copy of its own to be changed. */
function finished(services: Readonly<Record<string, ComposeService>>): Installation["services"] {
  const migrating = /deployments|device-auth|useradm|inventory/;
  return structuredClone(Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, {
      restart: "on-failure",
      logging: rotation,
      ...(migrating.test(name) ? { command: ["server", "--automigrate"] } : {}),
      ...service,
    }]),
  )) as Installation["services"];
}
