import { createHmac, randomBytes } from "node:crypto";
import { HoldfastError } from "../../model/error.ts";
import type { Keyring } from "../../ports/keyring.ts";
import { unusableSecret } from "./_errors.ts";

export interface KeyringOptions {
  /** Of the bundle, or of the private key. One newline at its end is not part of it. Read at each use. */
  readonly passphrase?: () => Promise<Uint8Array | string>;
  /** As `gpg --export-secret-keys` writes it, armored or binary, with or without passphrase. Read at each use. */
  readonly privateKey?: () => Promise<Uint8Array | string>;
  /** Of the sealed bundle, and of what it opens to; default 64 MB. */
  readonly maxBytes?: number;
}

/** Opens what gpg seals, with the secrets of this host. */
export function openpgpKeyring(options: KeyringOptions): Keyring {
  const { passphrase, privateKey, maxBytes = 64 << 20 } = options;
  const salt = randomBytes(32);
  const unlock = {
    passphrase: passphrase && (() => readPassphrase(passphrase)),
    privateKey: privateKey && (() => readSecret(privateKey, "private key")),
  };
  return {
    async decrypt(message, signal) {
      signal.throwIfAborted();
      const { openMessage } = await import("./_open-message.ts"); // openpgp costs time and memory at the start
      const opened = await openMessage(message, unlock, maxBytes);
      signal.throwIfAborted();
      return opened;
    },
    async fingerprint(signal) {
      signal.throwIfAborted();
      const digest = createHmac("sha256", salt);
      for (const read of [unlock.passphrase, unlock.privateKey]) {
        const secret = read && toBytes(await read());
        digest.update(`${secret?.length ?? "none"} `);
        if (secret) digest.update(secret);
      }
      return digest.digest("hex");
    },
  };
}

async function readPassphrase(read: () => Promise<Uint8Array | string>): Promise<string> {
  const bytes = await readSecret(read, "passphrase");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch {
    throw unusableSecret("the passphrase is not UTF-8 text", "write it as text into unlock.passphraseFile");
  }
  if (text === "") throw unusableSecret("the passphrase is empty", "write it into unlock.passphraseFile");
  return text;
}

async function readSecret(read: () => Promise<Uint8Array | string>, what: string): Promise<Uint8Array> {
  try {
    return toBytes(await read());
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    const found = error instanceof HoldfastError ? message.replace(/^Cannot read/, "cannot read") : message;
    throw unusableSecret(`the ${what} cannot be read: ${found}`, hint ?? "make its file readable for holdfast", error);
  }
}

function toBytes(secret: Uint8Array | string): Uint8Array {
  return typeof secret === "string" ? Buffer.from(secret) : secret;
}
