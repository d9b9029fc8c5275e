import type { DesiredState } from "../model/desired.ts";
import type { DigestKey } from "../model/digest.ts";
import { formatPath } from "../model/path.ts";
import { looksSecret, maskValue } from "../model/secrets.ts";
import { holdsSecret, recordedSecretKeys } from "./secret-fields.ts";

/** What decides over a value of a network or a volume whether it is shown. */
export interface OptionMasking {
  readonly desired: Pick<DesiredState, "secretPaths">;
  readonly digestKey: DigestKey;
  /** Of the resource on the host: they name what came from keys when it was made. */
  readonly labels: Readonly<Record<string, string>>;
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
  masking: OptionMasking,
): string {
  const isSecret = (name: string, value: string) =>
    isFromKey([...path, name], masking) || looksSecret(name, value) || /pass/i.test(value);
  const show = (name: string, value: string) => isSecret(name, value) ? maskValue(masking.digestKey, value) : value;
  return Object.entries(values).map(([name, value]) => `${name}=${show(name, value)}`).sort().join(" ");
}

/** One value in words: masked where the text at its path comes from a key. */
export function valueText(path: readonly string[], value: string, masking: OptionMasking): string {
  return value !== "" && isFromKey(path, masking) ? maskValue(masking.digestKey, value) : value;
}

/** By git now, or when the resource was made. */
function isFromKey(path: readonly string[], { desired, labels }: OptionMasking): boolean {
  const [, , ...option] = path; // without `volumes.data`
  return holdsSecret(formatPath(path), desired.secretPaths) ||
    holdsSecret(formatPath(option), new Set(recordedSecretKeys(labels)));
}
