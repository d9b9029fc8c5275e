import { holdsUnopenedKey } from "../../src/model/secrets.ts";
import type { Finding, PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { deployments, minio } from "./_names.ts";

/** Finds a credential that minio and the deployments service do not share. Neither value is shown. */
export function sharedCredential({ desired }: PolicyInput, ofMinio: string, ofDeployments: string): Finding[] {
  const { services } = desired.model;
  const stored = environmentOf(services[minio])[ofMinio];
  const used = environmentOf(services[deployments])[ofDeployments];
  if (!services[minio] || !services[deployments] || stored === null || used === null) return [];
  if (stored === used || holdsUnopenedKey(`${stored}${used}`)) return [];
  const path = ["services", deployments, "environment", ofDeployments];
  if (used === undefined || stored === undefined) {
    const absent = used === undefined ? `"${ofDeployments}" of ${deployments}` : `"${ofMinio}" of ${minio}`;
    return [{ path, message: `${absent} is missing, needed the same value on both sides` }];
  }
  return [{ path, message: `"${ofDeployments}" is not what "${ofMinio}" of ${minio} is, needed the same value` }];
}
