import { decrypt, enums, type Message, type PrivateKey, readMessage } from "openpgp";
import { HoldfastError } from "../../model/error.ts";
import type { BundleRecipients } from "../../ports/sealer.ts";
import { formatKeyId, unfitBundle } from "./_errors.ts";
import { lightenS2k } from "./_light-s2k.ts";
import { readKeys, recipientIds, unlockKey } from "./_private-key.ts";
import { lackingCurve, refuseUnsupported, unknownForm, unsupportedError, unusableCurve } from "./_unsupported.ts";

/** What the host can open a bundle with; both are asked for only when the message needs them. */
export interface Unlock {
  readonly passphrase?: () => Promise<string>;
  readonly privateKey?: () => Promise<Uint8Array>;
}

/** More session keys than that, each with its own 65 MB of hashing, are an attack. */
const mostSessionKeys = 64;
const mostPassphraseKeys = 8;

const wildcardId = "0000000000000000";

/**
 * Decrypts a whole message with whatever of the host's secrets fits.
 *
 * @param maxBytes of the sealed message, and of what it opens to
 * @throws HoldfastError `KEYS_DECRYPT`, `KEYS_UNLOCK`
 */
export async function openMessage(sealed: Uint8Array, unlock: Unlock, maxBytes: number): Promise<Uint8Array> {
  const message = await parse(sealed, maxBytes);
  const recipients = inspect(message);
  refuseUnsupported(message);
  const { held, usable } = await readUsableKeys(recipients, unlock);
  const passphrase = recipients.byPassphrase ? unlock.passphrase : undefined;
  let failure: HoldfastError | undefined;
  if (usable.length > 0) {
    const opened = await openWith({ decryptionKeys: usable }, sealed, maxBytes);
    if (opened instanceof Uint8Array) return opened;
    failure = opened;
  }
  if (passphrase) {
    const opened = await openWith({ passwords: [await passphrase()] }, sealed, maxBytes);
    if (opened instanceof Uint8Array) return opened;
    failure = opened;
  }
  throw failure ?? noSecretFits(recipients, held);
}

/**
 * What a message is sealed to; nothing of it is opened.
 *
 * @throws HoldfastError `KEYS_DECRYPT`
 */
export async function readRecipients(sealed: Uint8Array, maxBytes: number): Promise<BundleRecipients> {
  const { byPassphrase, keyIds } = inspect(await parse(sealed, maxBytes));
  const named = keyIds.filter((id) => id !== wildcardId);
  return {
    byPassphrase,
    keyIds: named.map((id) => id.toUpperCase()).sort(),
    hidden: keyIds.length - named.length,
  };
}

interface Recipients {
  readonly byPassphrase: boolean;
  /** Ids of public keys; the wildcard for hidden ones. */
  readonly keyIds: readonly string[];
}

function inspect(message: Message<Uint8Array>): Recipients {
  const { packets } = message;
  const count = (tag: enums.packet) => packets.filterByTag(tag).length;
  if (count(enums.packet.symmetricallyEncryptedData) > 0) {
    throw unfitBundle("it has no integrity protection (MDC)", "seal it anew, without gpg's --rfc2440 or --disable-mdc");
  }
  const byPassphrase = count(enums.packet.symEncryptedSessionKey);
  const keyIds = message.getEncryptionKeyIDs().map((id) => id.toHex());
  if (byPassphrase > mostPassphraseKeys || keyIds.length > mostSessionKeys) {
    throw unfitBundle(`it is sealed to ${byPassphrase + keyIds.length} recipients`, "seal it to fewer");
  }
  if (byPassphrase + keyIds.length === 0) throw unknownForm(message) ?? unfitBundle("it is not encrypted", sealHint);
  return { byPassphrase: byPassphrase > 0, keyIds };
}

type Secrets = { readonly decryptionKeys: PrivateKey[] } | { readonly passwords: string[] };

/** @returns the error instead of bytes when these secrets do not open it */
async function openWith(secrets: Secrets, sealed: Uint8Array, maxBytes: number): Promise<Uint8Array | HoldfastError> {
  const message = await parse(sealed, maxBytes); // an attempt consumes it
  for (const packet of message.packets.filterByTag(enums.packet.symEncryptedSessionKey)) lightenS2k(packet);
  try {
    return (await decrypt({ message, ...secrets, format: "binary", config: limits(maxBytes) })).data;
  } catch (error) {
    return openError(error, secrets, maxBytes);
  }
}

function openError(error: unknown, secrets: Secrets, maxBytes: number): HoldfastError {
  if ((error as Error).message.includes("Maximum decompressed")) {
    return unfitBundle(
      `it opens to more than ${maxBytes} bytes`,
      "seal less, or look who made it: such bundles are attacks",
      error,
    );
  }
  const unsupported = unsupportedError(error);
  if (unsupported) return unsupported;
  if ("decryptionKeys" in secrets) {
    return unfitBundle("it is damaged, or its hidden recipient is not this host", sealHint, error);
  }
  return new HoldfastError("KEYS_DECRYPT", "Cannot decrypt the keys bundle: wrong passphrase or damaged file", {
    retry: "operator",
    hint:
      "put the passphrase it was sealed with into unlock.passphraseFile; if it is there, seal the bundle anew and push",
    cause: error,
  });
}

/** Private keys of the host that the message is sealed to, unlocked; and the ids of all it holds. */
async function readUsableKeys(
  { keyIds }: Recipients,
  unlock: Unlock,
): Promise<{ readonly held: readonly string[]; readonly usable: PrivateKey[] }> {
  if (!unlock.privateKey || keyIds.length === 0) return { held: [], usable: [] };
  const keys = await readKeys(await unlock.privateKey());
  const usable: PrivateKey[] = [];
  let curve: string | undefined;
  for (const key of keys) {
    const ids = key.getKeyIDs().map((id) => id.toHex());
    const wanted = keyIds.includes(wildcardId) ? recipientIds(key) : ids.filter((id) => keyIds.includes(id));
    if (wanted.length === 0) continue;
    const lacking = lackingCurve(key, wanted);
    curve ??= lacking;
    if (lacking !== undefined) continue;
    await unlockKey(key, new Set(wanted), unlock.passphrase);
    usable.push(key);
  }
  if (curve !== undefined && usable.length === 0) throw unusableCurve(curve);
  return { held: keys.flatMap(recipientIds), usable };
}

function noSecretFits({ byPassphrase, keyIds }: Recipients, held: readonly string[]): HoldfastError {
  const list = (ids: readonly string[]) => ids.map(formatKeyId).join(", ");
  const hidden = keyIds.includes(wildcardId);
  const sealedTo = [
    ...(keyIds.length > 0 ? [hidden ? "hidden recipients" : list([...keyIds].sort())] : []),
    ...(byPassphrase ? ["a passphrase"] : []),
  ].join(" and ");
  const holds = held.length > 0 ? list([...held].sort()) : byPassphrase ? "no passphrase" : "no private key";
  const hint = held.length > 0
    ? `encrypt it to ${list(held)} as well and push`
    : byPassphrase
    ? "set unlock.passphraseFile"
    : "set unlock.privateKeyFile, or seal it with the passphrase of this host and push";
  return unfitBundle(`sealed to ${sealedTo}, this host holds ${holds}`, hint);
}

/** @throws HoldfastError `KEYS_DECRYPT` for what is no OpenPGP message */
async function parse(sealed: Uint8Array, maxBytes: number): Promise<Message<Uint8Array>> {
  if (sealed.length > maxBytes) {
    throw unfitBundle(`it has ${sealed.length} bytes, at most ${maxBytes} are opened`, "seal less");
  }
  const config = limits(maxBytes);
  try {
    if (!isArmored(sealed)) return await readMessage({ binaryMessage: sealed, config });
    const armoredMessage = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).toString("latin1");
    return await readMessage({ armoredMessage, config }) as Message<Uint8Array>;
  } catch (error) {
    throw unsupportedError(error) ?? unfitBundle("it is no OpenPGP message, or a damaged one", sealHint, error);
  }
}

/** A binary message begins with a packet's tag, whose highest bit is set. */
function isArmored(sealed: Uint8Array): boolean {
  return sealed.length > 0 && sealed[0]! < 0x80;
}

/** Nothing is given out before its integrity is proven, and nothing unpacks without end. */
function limits(maxBytes: number) {
  return {
    allowUnauthenticatedMessages: false,
    allowUnauthenticatedStream: false,
    maxDecompressedMessageSize: maxBytes,
    maxArgon2MemoryExponent: 18,
  };
}

const sealHint = "make it with `tar c FOLDER | gpg --symmetric` or `gpg --encrypt`, and push";
