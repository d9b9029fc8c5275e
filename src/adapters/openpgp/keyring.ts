import { createHmac, randomBytes } from "node:crypto";
import type { Keyring } from "../../ports/keyring.ts";
import { readPassphrase, readSecret, toBytes } from "./_secrets.ts";

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
