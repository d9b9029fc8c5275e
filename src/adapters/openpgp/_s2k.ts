import { createHash } from "node:crypto";

/** How a passphrase becomes a key (string-to-key), as RFC 4880 3.7.1 has it. */
export interface StringToKey {
  readonly type: "simple" | "salted" | "iterated";
  /** OpenPGP's number of the hash. */
  readonly hash: number;
  readonly salt: Uint8Array;
  /** Bytes of salt and passphrase that are hashed; 65,011,712 by gpg's default. */
  readonly count: number;
}

const hashNames: Readonly<Record<number, string>> = {
  2: "sha1",
  3: "ripemd160",
  8: "sha256",
  9: "sha384",
  10: "sha512",
  11: "sha224",
};

/** What is hashed at once: openpgp itself hashes all of it in one buffer, 125 MB more at the peak and half as fast. */
const chunkBytes = 1 << 16;

/** Whether a hash (its OpenPGP number) is one that `deriveKey()` knows. */
export function canDerive(hash: number): boolean {
  return hash in hashNames;
}

/** The key of `keyBytes` bytes that a passphrase stands for. */
export function deriveKey({ type, hash, salt, count }: StringToKey, passphrase: string, keyBytes: number): Uint8Array {
  const once = Buffer.concat([type === "simple" ? new Uint8Array() : salt, Buffer.from(passphrase)]);
  const total = type === "iterated" ? Math.max(count, once.length) : once.length;
  const chunk = repeat(once, Math.min(total, chunkBytes));
  const key: Buffer[] = [];
  for (let length = 0, round = 0; length < keyBytes; round++) {
    const digest = createHash(hashNames[hash]!).update(new Uint8Array(round)); // a longer key takes more rounds
    for (let left = total; left > 0; left -= chunk.length) digest.update(chunk.subarray(0, left));
    key.push(digest.digest());
    length += key[round]!.length;
  }
  return new Uint8Array(Buffer.concat(key).subarray(0, keyBytes));
}

/** At least `bytes` long, and a whole number of repetitions, so that it can be repeated itself. */
function repeat(once: Buffer, bytes: number): Buffer {
  return once.length === 0 ? once : Buffer.concat(Array(Math.ceil(bytes / once.length)).fill(once));
}
