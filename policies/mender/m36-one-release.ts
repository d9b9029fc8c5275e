import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { isMender, type MenderImage, menderImages } from "./_release.ts";

export const m36: Policy = {
  id: "M36",
  title: "All of Mender's images are of one release",
  severity: "deny",
  reason: "services of two releases expect different databases",
  source: "Compose files of mendersoftware/integration, whose images move together; Mender docs, upgrading",
  remedy: "take the tags of one release for all services, those of the Enterprise overlay among them",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const images = menderImages(desired);
  const moving = images.filter(({ tag }) => /^(?:master|main|latest)\b/.test(tag)).map((image) =>
    finding(image, `has the moving tag "${image.tag}", needed a release`)
  );
  const versions = images.flatMap((image) =>
    image.version === undefined ? [] : [{ image, version: image.version.split(".").slice(0, 2).join(".") }]
  );
  const counts = new Map<string, number>();
  for (const { version } of versions) counts.set(version, (counts.get(version) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1));
  const odd = versions.filter(({ version }) => version !== most?.[0]).map(({ image, version }) =>
    finding(image, `is of release ${version}, needed ${most?.[0]} as the others`)
  );
  return [...moving, ...odd];
}

function finding({ service, name }: MenderImage, words: string): Finding {
  return { path: ["services", service, "image"], message: `"${name}" ${words}` };
}
