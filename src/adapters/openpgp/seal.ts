// Imports openpgp at once: load this module with `await import()` where it is needed.
import { createMessage, encrypt, type PublicKey, readKeys } from "openpgp";
import { HoldfastError } from "../../model/error.ts";

/** What every gpg since 2.0 opens: AES-256, integrity by MDC, no AEAD. */
const config = { aeadProtect: false, v6Keys: false, s2kIterationCountByte: 255 };

export interface SealOptions {
  readonly format: "binary" | "armored";
}

/** Seals bytes with a passphrase, as `gpg --symmetric` does. */
export async function sealSymmetric(bytes: Uint8Array, passphrase: string, options: SealOptions): Promise<Uint8Array> {
  return await seal(bytes, { passwords: [passphrase] }, options);
}

/**
 * Seals bytes to one or several public keys, as `gpg --encrypt` does.
 *
 * @param publicKeys each holds one or several keys: text is armored, bytes are binary
 * @throws HoldfastError `KEYS_UNLOCK` for what is no public key, or one that nothing may be encrypted to (expired, revoked)
 */
export async function sealToRecipients(
  bytes: Uint8Array,
  publicKeys: readonly (string | Uint8Array)[],
  options: SealOptions & { readonly recipients: "named" | "hidden" },
): Promise<Uint8Array> {
  const encryptionKeys: PublicKey[] = [];
  for (const given of publicKeys) {
    const reading = typeof given === "string" ? readKeys({ armoredKeys: given }) : readKeys({ binaryKeys: given });
    const keys = await reading.catch((error) => {
      const what = typeof given === "string" ? "armored OpenPGP" : "OpenPGP";
      throw sealError(`a recipient's key is no ${what} key`, error);
    });
    for (const key of keys) encryptionKeys.push(await usableRecipient(key.toPublic()));
  }
  if (encryptionKeys.length === 0) throw sealError("no recipient is given");
  return await seal(bytes, { encryptionKeys, wildcard: options.recipients === "hidden" }, options);
}

async function usableRecipient(key: PublicKey): Promise<PublicKey> {
  try {
    await key.getEncryptionKey();
    return key;
  } catch (error) {
    const found = `nothing can be encrypted to ${key.getFingerprint().toUpperCase()}: ${(error as Error).message}`;
    throw sealError(found, error);
  }
}

type Recipients = { readonly passwords: string[] } | {
  readonly encryptionKeys: PublicKey[];
  readonly wildcard: boolean;
};

async function seal(bytes: Uint8Array, recipients: Recipients, { format }: SealOptions): Promise<Uint8Array> {
  const message = await createMessage({ binary: bytes });
  if (format === "binary") return await encrypt({ message, ...recipients, format: "binary", config });
  return Buffer.from(await encrypt({ message, ...recipients, format: "armored", config }));
}

function sealError(found: string, cause?: unknown): HoldfastError {
  return new HoldfastError("KEYS_UNLOCK", `Cannot seal the keys bundle: ${found}`, {
    retry: "operator",
    hint: "give public keys as `gpg --armor --export KEY` writes them, none expired or revoked",
    cause,
  });
}
