import { enums, type Key, type Message, type PrivateKey, UnparseablePacket } from "openpgp";
import { HoldfastError } from "../../model/error.ts";
import { unfitBundle, unusableSecret } from "./_errors.ts";

/** OpenPGP's numbers of ciphers that openpgp lacks and gpg has. */
const lackingCiphers: Readonly<Record<number, string>> = {
  1: "IDEA",
  11: "CAMELLIA128",
  12: "CAMELLIA192",
  13: "CAMELLIA256",
};
const ciphers: ReadonlySet<number> = new Set([2, 3, 4, 7, 8, 9, 10]); // 3DES to TWOFISH
const hashes: ReadonlySet<number> = new Set([1, 2, 3, 8, 9, 10, 11, 12, 14]);
const lackingCurves = /^(brainpool|secp256k1)/i;

const sealAnew = "seal it anew with AES (`gpg --cipher-algo AES256 --symmetric` or `--encrypt`), and push";

/** What openpgp's packets of session keys under a passphrase hold. */
interface PassphraseKeyPacket {
  readonly sessionKeyAlgorithm: number | null;
  readonly sessionKeyEncryptionAlgorithm: number | null;
  readonly s2k?: { readonly algorithm: number } | null;
}

/**
 * Refuses what no passphrase can open, by what is written in front of it: a wrong passphrase looks the same later.
 *
 * @throws HoldfastError `KEYS_DECRYPT`
 */
export function refuseUnsupported({ packets }: Message<Uint8Array>): void {
  const keys = packets.filterByTag(enums.packet.symEncryptedSessionKey) as unknown as readonly PassphraseKeyPacket[];
  const others = packets.filterByTag(enums.packet.publicKeyEncryptedSessionKey).length;
  const found = keys.map(lackOf);
  if (others === 0 && keys.length > 0 && found.every((lack) => lack !== undefined)) {
    throw unfitBundle(`it is sealed with ${found[0]}, which holdfast does not support`, sealAnew);
  }
}

/** The error for a message whose recipients are written in a way that openpgp cannot read; undefined for any other. */
export function unknownForm({ packets }: Message<Uint8Array>): HoldfastError | undefined {
  const isUnknown = packets.some((packet) => packet instanceof UnparseablePacket);
  return isUnknown ? unfitBundle("it is sealed in a form that holdfast does not support", sealAnew) : undefined;
}

function lackOf(key: PassphraseKeyPacket): string | undefined {
  const cipher = key.sessionKeyEncryptionAlgorithm ?? key.sessionKeyAlgorithm;
  if (cipher !== null && !ciphers.has(cipher)) return lackingCiphers[cipher] ?? `cipher number ${cipher}`;
  const hash = key.s2k?.algorithm;
  return hash !== undefined && !hashes.has(hash) ? `hash number ${hash}` : undefined;
}

/**
 * An error of opening that only another sealing ends, whatever the secret is.
 *
 * @returns undefined for any other error
 */
export function unsupportedError(error: unknown): HoldfastError | undefined {
  const reasons: string[] = [];
  for (let at = error as Error | undefined; at; at = at.cause as Error | undefined) reasons.push(at.message);
  const text = reasons.join("\n");
  if (/Argon2/i.test(text)) {
    return unfitBundle("its passphrase is hashed with more memory than holdfast allows (Argon2)", sealAnew, error);
  }
  // the cipher's number came out of the session key: openpgp does not say it
  if (/Invalid enum value|Unsupported cipher/.test(text)) {
    const found = "it is sealed with a cipher that holdfast does not support (CAMELLIA and IDEA are such)";
    return unfitBundle(found, sealAnew, error);
  }
  if (/unsupported|not supported|unknown (curve|public key|s2k|aead)/i.test(text)) {
    return unfitBundle("it is sealed in a form that holdfast does not support", sealAnew, error);
  }
  return undefined;
}

/** Whether a key, or the part of it that is needed, lies on a curve that openpgp lacks. @returns the curve */
export function lackingCurve(key: PrivateKey, wanted: readonly string[]): string | undefined {
  const parts: Pick<Key, "getAlgorithmInfo" | "getKeyID">[] = [key, ...key.subkeys];
  return parts
    .filter((part) => part === key || wanted.includes(part.getKeyID().toHex())) // the primary key answers for the rest
    .map((part) => part.getAlgorithmInfo().curve ?? "").find((curve) => lackingCurves.test(curve));
}

/** @param curve as `lackingCurve()` gives it */
export function unusableCurve(curve: string): HoldfastError {
  return unusableSecret(
    `the private key is on the curve ${curve}, which holdfast does not support`,
    "make a key on another curve (`gpg --quick-generate-key NAME future-default`) or of RSA, seal the bundle to it and push",
  );
}
