import type { DesiredState } from "../model/desired.ts";
import type { DigestKey } from "../model/digest.ts";
import { formatPath } from "../model/path.ts";
import { looksSecret, maskValue } from "../model/secrets.ts";
import { holdsSecret } from "./secret-fields.ts";

/** What decides over a value of a network or a volume whether it is shown. */
export interface OptionMasking {
  readonly desired: Pick<DesiredState, "secretPaths">;
  readonly digestKey: DigestKey;
}

/**
 * Options in words, sorted: `o=size=16m type=tmpfs`. Those of a network share may hold its password, and any may come
 * from a key: such values are masked, on both sides of a comparison.
 *
 * @param path of the map in the Compose model: `["volumes", "data", "driver_opts"]`
 */
export function optionText(
  path: readonly string[],
  values: Readonly<Record<string, string>>,
  { desired, digestKey }: OptionMasking,
): string {
  const isSecret = (name: string, value: string) =>
    holdsSecret(formatPath([...path, name]), desired.secretPaths) || looksSecret(name, value) || /pass/i.test(value);
  const show = (name: string, value: string) => isSecret(name, value) ? maskValue(digestKey, value) : value;
  return Object.entries(values).map(([name, value]) => `${name}=${show(name, value)}`).sort().join(" ");
}

/** One value in words: masked where the text at its path comes from a key. */
export function valueText(path: readonly string[], value: string, { desired, digestKey }: OptionMasking): string {
  return value !== "" && holdsSecret(formatPath(path), desired.secretPaths) ? maskValue(digestKey, value) : value;
}
