import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { minio } from "./_names.ts";
import { isMender } from "./_release.ts";

export const m45: Policy = {
  id: "M45",
  title: "minio's credentials are long enough",
  severity: "warn",
  reason: "minio does not start with shorter ones",
  source: "MinIO documentation, root credentials",
  remedy: "take at least 3 characters for the access key, and 8 for the secret",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const environment = environmentOf(desired.model.services[minio]);
  const least: readonly (readonly [string, number])[] = [["MINIO_ACCESS_KEY", 3], ["MINIO_SECRET_KEY", 8]];
  return least.flatMap(([name, length]): Finding[] => {
    const value = environment[name];
    if (!value || value.length >= length) return [];
    const path = ["services", minio, "environment", name];
    return [{ path, message: `"${name}" is too short, needed at least ${length} characters` }];
  });
}
