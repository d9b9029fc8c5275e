import type { DesiredState } from "../../src/model/desired.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { gateway } from "./_names.ts";
import { isAtLeast, releaseOf } from "./_release.ts";

export const allowedHostsPath = ["services", gateway, "environment", "ALLOWED_HOSTS"];

/** ALLOWED_HOSTS as it is written; undefined when it is not given. */
export function allowedHostsText(desired: DesiredState): string | undefined {
  return environmentOf(desired.model.services[gateway])["ALLOWED_HOSTS"] ?? undefined;
}

/** The names in ALLOWED_HOSTS as the release separates them: white space up to 2.6, commas from 3.2, nobody between. */
export function allowedHosts(desired: DesiredState): readonly string[] {
  const release = releaseOf(desired);
  const separator = release && isAtLeast(release, "3.2") ? "," : /[\s,]+/;
  return (allowedHostsText(desired) ?? "").split(separator).map((name) => name.trim().toLowerCase()).filter(Boolean);
}
