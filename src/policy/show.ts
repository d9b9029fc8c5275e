import type { DesiredState } from "../model/desired.ts";
import { formatPath } from "../model/path.ts";
import { looksSecret } from "../model/secrets.ts";

/**
 * A value of the canonical project for a message: quoted, or hidden where it comes from a key or its name looks secret.
 * `check` runs where there is no digest key, so a hidden value has no digest either.
 */
export function showValue(desired: DesiredState, path: readonly PropertyKey[], value: string): string {
  const hidden = desired.secretPaths.has(formatPath(path)) || looksSecret(String(path.at(-1)), value);
  return hidden ? "‹hidden›" : `"${value.length > 120 ? `${value.slice(0, 119)}…` : value}"`;
}
