import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { isMender } from "./_release.ts";

const name = "menderproduction";

export const m32: Policy = {
  id: "M32",
  title: "The project has the name that Mender's tools expect",
  severity: "warn",
  reason: "a second, empty installation appears beside one that production/run started, and backup tools miss this one",
  source: "mendersoftware/integration, production/run",
  remedy: `write "project: ${name}" in holdfast.yaml`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  if (desired.project === name) return [];
  return [{ path: ["name"], message: `The project is "${desired.project}", needed "${name}"` }];
}
