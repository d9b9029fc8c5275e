import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { aliasesOf } from "../../src/policy/service.ts";
import { isAtLeast, isMender, releaseOf } from "./_release.ts";
import { storageEndpoint, storageUri } from "./_storage.ts";

export const m04: Policy = {
  id: "M04",
  title: "The storage's public name leads to the storage inside the network too",
  severity: "deny",
  reason: `the deployments service looks the name up outside, or not at all: "lookup s3…: no such host"`,
  source: "Mender production installation guide; mendersoftware/integration pull request 889",
  remedy: "make the host of the URI an alias of the service that answers for the storage",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const uri = storageUri(desired);
  const endpoint = storageEndpoint(desired);
  const service = desired.model.services[endpoint];
  if (!uri?.url || !service) return [];
  const host = uri.url.hostname;
  if (aliasesOf(endpoint, service).some(({ alias }) => alias.toLowerCase() === host)) return [];
  const release = releaseOf(desired);
  // From 3.3 on the services themselves use http://minio:9000.
  const severity = release && isAtLeast(release, "3.3") ? "warn" : "deny";
  const message = `"${uri.name}" names the host "${host}", needed one that is an alias of ${endpoint}`;
  return [{ path: uri.path, message, severity }];
}
