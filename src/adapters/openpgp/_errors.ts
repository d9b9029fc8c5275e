import { HoldfastError } from "../../model/error.ts";

/** A bundle that no secret of this host can open: only another bundle ends it. */
export function unfitBundle(found: string, hint: string, cause?: unknown): HoldfastError {
  return new HoldfastError("KEYS_DECRYPT", `Cannot decrypt the keys bundle: ${found}`, {
    retry: "next-revision",
    hint,
    cause,
  });
}

/** The passphrase or private key is not there, or not usable as it is. */
export function unusableSecret(found: string, hint: string, cause?: unknown): HoldfastError {
  return new HoldfastError("KEYS_UNLOCK", `Cannot unlock the keys bundle: ${found}`, {
    retry: "operator",
    hint,
    cause,
  });
}

/** The last digits of a key as gpg prints them: `9A3F 02C1 77D0 4E5B`. */
export function formatKeyId(hex: string): string {
  return hex.toUpperCase().replaceAll(/(.{4})(?=.)/g, "$1 ");
}
