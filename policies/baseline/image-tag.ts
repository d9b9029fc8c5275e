import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { parseImageName } from "../../src/policy/image-name.ts";
import { servicesOf } from "../../src/policy/service.ts";

export const imageTag: Policy = {
  id: "image-tag",
  title: "Images name a version",
  severity: "deny",
  reason: "without a version the same commit deploys different software on different days, and there is no way back",
  source: "CIS Docker Benchmark, latest version; dclint, service-image-require-explicit-tag",
  remedy: `name a version, such as "nginx:1.27.5", or a digest`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]): Finding[] => {
    const image = service["image"];
    if (typeof image !== "string" || service["build"] !== undefined) return [];
    const { tag, digest } = parseImageName(image);
    if (digest !== undefined || (tag !== undefined && tag !== "latest")) return [];
    const found = tag === undefined ? "has no tag" : `has the tag "latest"`;
    return [{ path: ["services", key, "image"], message: `"${image}" ${found}, needed a version or a digest` }];
  });
}
