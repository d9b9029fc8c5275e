import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { bindsOf, servicesOf } from "../../src/policy/service.ts";

export const mountPropagation: Policy = {
  id: "mount-propagation",
  title: "Mounts do not travel between host and container",
  severity: "deny",
  reason: "a shared mount lets the container mount over the host's folders",
  source: "CIS Docker Benchmark, mount propagation mode is not set to shared; KICS, Volume Mount With Propagation",
  remedy: `remove "propagation"`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]) =>
    bindsOf(key, service).flatMap(({ path, propagation }) => {
      if (!/shared|slave/.test(propagation)) return [];
      return [{
        path: [...path, "bind", "propagation"],
        message: `The propagation is "${propagation}", needed a private mount`,
      }];
    })
  );
}
