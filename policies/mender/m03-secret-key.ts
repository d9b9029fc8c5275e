import type { Policy } from "../../src/policy/policy.ts";
import { sharedCredential } from "./_credentials.ts";
import { isMender } from "./_release.ts";

export const m03: Policy = {
  id: "M03",
  title: "The deployments service has minio's secret",
  severity: "deny",
  reason: "the deployments service cannot reach the storage (the signatures differ), and every upload fails",
  source: "Mender production installation guide; comment in production/config/prod.yml.template",
  remedy: "give MINIO_SECRET_KEY and DEPLOYMENTS_AWS_AUTH_SECRET the same value, best from one key of the bundle",
  appliesTo: isMender,
  rule: { kind: "check", check: (input) => sharedCredential(input, "MINIO_SECRET_KEY", "DEPLOYMENTS_AWS_AUTH_SECRET") },
};
