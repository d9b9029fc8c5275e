import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { formatPath } from "../../src/model/path.ts";
import { holdsUnopenedKey, looksSecret } from "../../src/model/secrets.ts";
import { environmentOf, record, servicesOf, text } from "../../src/policy/service.ts";

/** A warning, because many images take their credentials no other way. */
export const plaintextSecret: Policy = {
  id: "plaintext-secret",
  title: "Secrets are not written into the Compose files",
  severity: "warn",
  reason: "whoever may read the repository has them, for as long as its history lasts; and whoever may ask the Engine",
  source: "OWASP Docker Security Cheat Sheet; KICS, Passwords And Secrets",
  remedy: `put the value into the keys bundle, and refer to it under "environment" in holdfast.yaml with "{ key: … }"`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]) => {
    const values: readonly (readonly [string, string, string])[] = [
      ...Object.entries(environmentOf(service)).map(([name, value]) => ["environment", name, value ?? ""] as const),
      ...Object.entries(record(service["labels"])).map(([name, value]) => ["labels", name, text(value)] as const),
    ];
    return values.flatMap(([kind, name, value]): Finding[] => {
      const path = ["services", key, kind, name];
      if (desired.secretPaths.has(formatPath(path)) || holdsUnopenedKey(value)) return [];
      if (!looksSecret(name, value) || isReference(value)) return [];
      return [{ path, message: `"${name}" holds a secret in clear, needed a reference to the keys bundle` }];
    });
  });
}

/** Empty, a switch or number, or a path: the place of a secret, not the secret. */
function isReference(value: string): boolean {
  return value === "" || /^(?:true|false|yes|no|on|off|\d{1,6})$/i.test(value) || /^\/[\w./-]+$/.test(value);
}
