import type { Policy } from "../../src/policy/policy.ts";
import { sharedCredential } from "./_credentials.ts";
import { isMender } from "./_release.ts";

export const m02: Policy = {
  id: "M02",
  title: "The deployments service has minio's access key",
  severity: "deny",
  reason: "the deployments service cannot reach the storage, and every upload fails",
  source: "Mender production installation guide; comment in production/config/prod.yml.template",
  remedy: "give MINIO_ACCESS_KEY and DEPLOYMENTS_AWS_AUTH_KEY the same value, best from one key of the bundle",
  appliesTo: isMender,
  rule: { kind: "check", check: (input) => sharedCredential(input, "MINIO_ACCESS_KEY", "DEPLOYMENTS_AWS_AUTH_KEY") },
};
