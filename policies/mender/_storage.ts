import type { DesiredState } from "../../src/model/desired.ts";
import { holdsUnopenedKey } from "../../src/model/secrets.ts";
import { environmentOf, portsOf } from "../../src/policy/service.ts";
import { deployments, gateway, minio, storageProxy } from "./_names.ts";
import { isAtLeast, releaseOf } from "./_release.ts";

/** The address of the artifact storage as devices use it: download links are signed for its host and port. */
export interface StorageUri {
  /** The variable that says it. */
  readonly name: string;
  readonly path: readonly PropertyKey[];
  readonly text: string;
  /** undefined when the text is no URL. */
  readonly url?: URL;
}

/** @returns undefined with another storage than minio, and where the variable has no value (M01 says so) */
export function storageUri(desired: DesiredState): StorageUri | undefined {
  const { services } = desired.model;
  if (!services[minio] || !services[deployments]) return undefined;
  const release = releaseOf(desired);
  const name = release && isAtLeast(release, "3.3") ? "DEPLOYMENTS_AWS_EXTERNAL_URI" : "DEPLOYMENTS_AWS_URI";
  const text = environmentOf(services[deployments])[name];
  if (!text || holdsUnopenedKey(text)) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return { name, path: ["services", deployments, "environment", name], text, ...(url ? { url } : {}) };
}

/** The service that answers devices at the storage's address: nginx up to 2.6, the gateway since. */
export function storageEndpoint(desired: DesiredState): string {
  const release = releaseOf(desired);
  if (release) return isAtLeast(release, "2.7") ? gateway : storageProxy;
  return desired.model.services[storageProxy] ? storageProxy : gateway;
}

/** Ports of the host at which the storage's address may point: those that lead to the endpoint's TLS port. */
export function storagePorts(desired: DesiredState): readonly string[] {
  const key = storageEndpoint(desired);
  const target = key === storageProxy ? 9000 : 443;
  return portsOf(key, desired.model.services[key] ?? {})
    .filter((port) => port.target === target)
    .map((port) => port.published);
}
