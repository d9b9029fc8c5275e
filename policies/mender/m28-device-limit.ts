import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { deviceAuth } from "./_names.ts";
import { isAtLeast, isMender, releaseOf } from "./_release.ts";

const name = "DEVICEAUTH_MAX_DEVICES_LIMIT_DEFAULT";

export const m28: Policy = {
  id: "M28",
  title: "The device limit is one that this release reads",
  severity: "warn",
  reason: "a limit that is not read is none",
  source: "deviceauth ab21450c, which removed the setting after 2.2.0",
  remedy: "up to Mender 2.3 write a whole number, 0 for no limit; later remove the setting",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const limit = environmentOf(desired.model.services[deviceAuth])[name];
  const release = releaseOf(desired);
  if (limit === undefined || limit === null || !release) return [];
  const path = ["services", deviceAuth, "environment", name];
  if (isAtLeast(release, "2.4")) {
    return [{ path, message: `"${name}" has no effect after Mender 2.3: no limit is in force` }];
  }
  return /^\d+$/.test(limit) ? [] : [{ path, message: `"${name}" is "${limit}", needed a whole number` }];
}
