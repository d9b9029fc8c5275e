/** Opens and seals keys bundles. */
export interface Keyring {
  /**
   * Decrypts an OpenPGP message. What is not authenticated as a whole is never returned.
   *
   * @throws HoldfastError `KEYS_UNLOCK` when the secret cannot be read, `KEYS_DECRYPT` when it does not open the message
   */
  decrypt(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** Changes when the passphrase or private key changes; tells nothing about it. */
  fingerprint(signal: AbortSignal): Promise<string>;
}
