import { holdsUnopenedKey } from "../../src/model/secrets.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { deviceAuth } from "./_names.ts";
import { isMender } from "./_release.ts";

const name = "DEVICEAUTH_DEFAULT_TENANT_TOKEN";

export const m29: Policy = {
  id: "M29",
  title: "The default tenant token is a token, or empty",
  severity: "deny",
  reason: "devices without a token of their own are refused",
  source: "deviceauth 2.1.0, devauth.go; Mender Enterprise guide",
  remedy: "copy tenant_token of the organization, one line without quotes",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const token = environmentOf(desired.model.services[deviceAuth])[name];
  if (!token || holdsUnopenedKey(token) || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return [];
  const path = ["services", deviceAuth, "environment", name];
  const found = /\s/.test(token) ? "holds white space" : /["']/.test(token) ? "holds quotes" : "is no JSON web token";
  return [{ path, message: `"${name}" ${found}, needed the organization's token, or nothing` }];
}
