import type { DesiredState } from "../../src/model/desired.ts";
import { parseImageName } from "../../src/policy/image-name.ts";
import { text } from "../../src/policy/service.ts";

/** A Mender release, such as 2.2 or 3.7, and which edition of it. */
export interface Release {
  readonly major: number;
  readonly minor: number;
  readonly edition: "open-source" | "enterprise";
}

/** Components had versions of their own up to 2.3: `integration`'s docker-compose.yml at 2.2.0 and 2.3.0. */
const ownVersions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "api-gateway": { "2.0": "2.2", "2.1": "2.3" },
  deployments: { "1.8": "2.2", "1.9": "2.3" },
  deviceauth: { "2.1": "2.2", "2.2": "2.3" },
  gui: { "2.2": "2.2", "2.3": "2.3" },
  inventory: { "1.6": "2.2", "1.7": "2.3" },
  useradm: { "1.9": "2.2", "1.10": "2.3" },
};

/**
 * The release that the image tags tell: the oldest of them, so that a rule which ended with a release is still held
 * while a part of that release runs.
 *
 * @returns undefined when no image is Mender's, or no tag tells a release
 */
export function releaseOf(desired: DesiredState): Release | undefined {
  const images = menderImages(desired);
  const releases = images.flatMap(({ component, tag }) => releaseOfTag(component, tag) ?? []);
  const [oldest] = releases.sort((a, b) => a.major - b.major || a.minor - b.minor);
  if (!oldest) return undefined;
  const enterprise = images.some(({ enterprise }) => enterprise);
  return { ...oldest, edition: enterprise ? "enterprise" : "open-source" };
}

/** Whether the project holds any image of Mender's. */
export function isMender(desired: DesiredState): boolean {
  return menderImages(desired).length > 0;
}

/** A gate: from release `since` to release `until`, both included. */
export function during(
  range: { readonly since?: string; readonly until?: string; readonly edition?: Release["edition"] },
): (desired: DesiredState) => boolean {
  return (desired) => {
    const release = releaseOf(desired);
    if (!release || (range.edition !== undefined && release.edition !== range.edition)) return false;
    return isAtLeast(release, range.since ?? "0.0") && !isAfter(release, range.until ?? "999.0");
  };
}

/** Whether a release is `version`, such as `3.2`, or a later one. */
export function isAtLeast(release: Release, version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return release.major > major || (release.major === major && release.minor >= minor);
}

function isAfter(release: Release, version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return isAtLeast(release, `${major}.${minor + 1}`);
}

function menderImages(desired: DesiredState) {
  const { services } = desired.model;
  return Object.keys(services).sort().flatMap((key) => {
    const { repository, tag } = parseImageName(text(services[key]!["image"]));
    const match = /(?:^|\/)(mendersoftware|mender-server-enterprise)\/([^/]+)$/.exec(repository);
    if (!match) return [];
    const name = match[2]!;
    const enterprise = match[1] === "mender-server-enterprise" || name.endsWith("-enterprise") || name === "tenantadm";
    return [{ component: name.replace(/-enterprise$/, ""), tag: tag ?? "", enterprise }];
  });
}

function releaseOfTag(component: string, tag: string): { major: number; minor: number } | undefined {
  const named = /^(?:mender-|v)(\d+)\.(\d+)(?:\.|$|-)/.exec(tag);
  if (named) return { major: Number(named[1]), minor: Number(named[2]) };
  const own = /^(\d+\.\d+)(?:\.|$|-)/.exec(tag)?.[1];
  const release = own === undefined ? undefined : ownVersions[component]?.[own];
  const [major, minor] = release?.split(".").map(Number) ?? [];
  return major === undefined || minor === undefined ? undefined : { major, minor };
}
