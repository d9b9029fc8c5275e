import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { storageProxy } from "./_names.ts";
import { during } from "./_release.ts";

export const m35: Policy = {
  id: "M35",
  title: "The limits on downloads are ones that nginx reads",
  severity: "warn",
  reason: "a number of connections that is none turns the limit off without a word; a wrong speed stops nginx",
  source: "mendersoftware/integration 2.2.0, storage-proxy/nginx.conf",
  remedy: "write DOWNLOAD_SPEED as 512k or 1m, MAX_CONNECTIONS as a number",
  appliesTo: during({ until: "2.6" }),
  rule: { kind: "check", check },
};

const patterns: readonly (readonly [name: string, pattern: RegExp, needed: string])[] = [
  ["DOWNLOAD_SPEED", /^[0-9]+[kKmM]?$/, `a size such as "1m"`],
  ["MAX_CONNECTIONS", /^[1-9][0-9]*$/, "a number from 1"],
];

function check({ desired }: PolicyInput): Finding[] {
  const environment = environmentOf(desired.model.services[storageProxy]);
  return patterns.flatMap(([name, pattern, needed]): Finding[] => {
    const value = environment[name];
    if (value === undefined || value === null || pattern.test(value)) return [];
    const path = ["services", storageProxy, "environment", name];
    return [{ path, message: `"${name}" is "${value}", needed ${needed}` }];
  });
}
