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
 * One value of a network or a volume in words. The options of a network share may hold its password, and any value may
 * come from a key: such values are masked, on both sides of a comparison.
 *
 * @param path in the Compose model: `["volumes", "data", "driver_opts", "o"]`
 */
export function valueText(path: readonly string[], value: string, masking: OptionMasking): string {
  if (value === "") return value;
  const [, , key = "", name] = path;
  const isSecret = isFromKey(path, masking) || (name !== undefined && looksSecret(name, value)) ||
    (key === "driver_opts" && /pass/i.test(value));
  return isSecret ? maskValue(masking.digestKey, value) : value;
}

/** By git now, or when the resource was made. */
function isFromKey(path: readonly string[], { desired, labels }: OptionMasking): boolean {
  const [, , ...option] = path; // without `volumes.data`
  return holdsSecret(formatPath(path), desired.secretPaths) ||
    holdsSecret(formatPath(option), new Set(recordedSecretKeys(labels)));
}
