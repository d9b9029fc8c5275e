/** Makes bundles that gpg and holdfast open, and tells of any bundle who may open it. */
export interface Sealer {
  /** @throws HoldfastError `KEYS_UNLOCK` for a passphrase or public key that nothing can be sealed with */
  seal(bytes: Uint8Array, to: SealTo, format: "binary" | "armored"): Promise<Uint8Array>;
  /**
   * What a message is sealed to; nothing of it is opened.
   *
   * @throws HoldfastError `KEYS_DECRYPT` for what is no encrypted message
   */
  recipients(message: Uint8Array): Promise<BundleRecipients>;
}

export type SealTo =
  /** The bytes of a passphrase file: one newline at the end is not part of it. */
  | { readonly kind: "passphrase"; readonly passphrase: Uint8Array }
  /** Each as `gpg --export` writes it, armored or binary. */
  | { readonly kind: "recipients"; readonly publicKeys: readonly Uint8Array[] };

export interface BundleRecipients {
  readonly byPassphrase: boolean;
  /** Ids of public keys, 16 hex digits in capitals, sorted. */
  readonly keyIds: readonly string[];
  /** Recipients whose ids the sender left out. */
  readonly hidden: number;
}
