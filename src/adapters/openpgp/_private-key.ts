import { type Key, type PrivateKey, readPrivateKeys } from "openpgp";
import { formatKeyId, unusableSecret } from "./_errors.ts";
import { lightenS2k } from "./_light-s2k.ts";

/**
 * Reads the private keys of a file, armored or binary, as `gpg --export-secret-keys` writes it.
 *
 * @throws HoldfastError `KEYS_UNLOCK`
 */
export async function readKeys(bytes: Uint8Array): Promise<PrivateKey[]> {
  const text = Buffer.from(bytes).toString("latin1");
  try {
    const armored = text.includes("-----BEGIN PGP");
    return armored ? await readPrivateKeys({ armoredKeys: text }) : await readPrivateKeys({ binaryKeys: bytes });
  } catch (error) {
    throw unusableSecret("the private key is no OpenPGP private key", exportHint, error);
  }
}

/** Ids that a message to this key may name: of its subkeys, or its own where it has none. */
export function recipientIds(key: Key): string[] {
  const [primary, ...subkeys] = key.getKeyIDs().map((id) => id.toHex());
  return subkeys.length > 0 ? subkeys : [primary!];
}

/**
 * Opens what a passphrase protects of a key, in place.
 *
 * @param ids the parts that are needed; the rest stays locked
 * @throws HoldfastError `KEYS_UNLOCK`
 */
export async function unlockKey(
  key: PrivateKey,
  ids: ReadonlySet<string>,
  passphrase: (() => Promise<string>) | undefined,
): Promise<void> {
  let opened = 0;
  for (const { keyPacket } of key.getKeys()) {
    if (!ids.has(keyPacket.getKeyID().toHex()) || !("decrypt" in keyPacket)) continue;
    if (keyPacket.isMissingSecretKeyMaterial()) continue; // kept elsewhere, on a card or in another file
    opened++;
    if (keyPacket.isDecrypted()) continue;
    if (!passphrase) {
      throw unusableSecret("the private key has a passphrase, and none is given", "set unlock.passphraseFile");
    }
    const phrase = await passphrase();
    lightenS2k(keyPacket);
    try {
      await keyPacket.decrypt(phrase);
    } catch (error) {
      const hint = "put the private key's own passphrase into unlock.passphraseFile";
      throw unusableSecret("the passphrase does not open the private key", hint, error);
    }
  }
  if (opened === 0) {
    const missing = [...ids].sort().map(formatKeyId).join(", ");
    throw unusableSecret(`the private key's file lacks the private part of ${missing}`, exportHint);
  }
}

const exportHint = "write it with `gpg --armor --export-secret-keys KEY` into unlock.privateKeyFile";
