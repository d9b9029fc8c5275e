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
  const releases = images.flatMap(({ version }) => version === undefined ? [] : [parts(version)]);
  const [oldest] = releases.sort((a, b) => a.major - b.major || a.minor - b.minor);
  if (!oldest) return undefined;
  return { ...oldest, edition: images.some(({ isEnterprise }) => isEnterprise) ? "enterprise" : "open-source" };
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
  const { major, minor } = parts(version);
  return release.major > major || (release.major === major && release.minor >= minor);
}

function isAfter(release: Release, version: string): boolean {
  const { major, minor } = parts(version);
  return isAtLeast(release, `${major}.${minor + 1}`);
}

function parts(version: string): { readonly major: number; readonly minor: number } {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return { major, minor };
}

/** One of Mender's own images in the project. */
export interface MenderImage {
  readonly service: string;
  /** As it is written. */
  readonly name: string;
  /** `deployments`, without `-enterprise`. */
  readonly component: string;
  readonly tag: string;
  readonly isEnterprise: boolean;
  /** `3.7.11`, or `2.2` for components with versions of their own; undefined when the tag does not tell. */
  readonly version?: string;
}

/** Mender's images, by service. */
export function menderImages(desired: DesiredState): readonly MenderImage[] {
  const { services } = desired.model;
  return Object.keys(services).sort().flatMap((service): MenderImage[] => {
    const name = text(services[service]!["image"]);
    const { repository, tag = "" } = parseImageName(name);
    const match = /(?:^|\/)(mendersoftware|mender-server-enterprise)\/([^/]+)$/.exec(repository);
    if (!match) return [];
    const component = match[2]!.replace(/-enterprise$/, "");
    const isEnterprise = match[1] === "mender-server-enterprise" || component !== match[2] || component === "tenantadm";
    const version = versionOf(component, tag);
    return [{ service, name, component, tag, isEnterprise, ...(version ? { version } : {}) }];
  });
}

function versionOf(component: string, tag: string): string | undefined {
  const bundle = /^(?:mender-|v)(\d+\.\d+(?:\.\d+)?)(?:$|-)/.exec(tag)?.[1];
  const own = /^(\d+\.\d+)(?:\.|$|-)/.exec(tag)?.[1];
  return bundle ?? (own === undefined ? undefined : ownVersions[component]?.[own]);
}
