import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { isMender, menderImages, releaseOf } from "./_release.ts";

/** Says that the rules of single releases were passed over: silence would look like agreement. */
export const release: Policy = {
  id: "mender-release",
  title: "The image tags tell the release",
  severity: "warn",
  reason: "which rules hold depends on the release; without it those of single releases are passed over",
  source: "image tags of mendersoftware/integration and mender-server",
  remedy:
    `use the release's own tags, such as "deployments:1.8.0" (2.2), "deployments:mender-3.7.11" or "deployments:v4.1.0"`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const [image] = menderImages(desired);
  if (!image || releaseOf(desired)) return [];
  return [{ path: ["services", image.service, "image"], message: `"${image.name}" does not tell Mender's release` }];
}
