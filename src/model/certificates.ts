/** What may be known of the PEM text of a file: never its bytes. */
export interface PemFacts {
  /** In the order of the file: a chain starts with the leaf. */
  readonly certificates: readonly CertificateFact[];
  readonly privateKeys: readonly PrivateKeyFact[];
  /** Labels of blocks that could not be read, such as `CERTIFICATE`. */
  readonly damaged: readonly string[];
}

/** PEM facts by path: inside the keys folder, or in the repository. */
export type PemFactsByPath = ReadonlyMap<string, PemFacts>;

export interface CertificateFact {
  /** One line, such as `CN=mender.example.com, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** The DNS names and IP addresses it is for: alternative names, then the common name. Lower case. */
  readonly names: readonly string[];
  /** The alternative names alone: what today's clients look at. */
  readonly sans: readonly string[];
  /** ISO times. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly selfSigned: boolean;
  /** sha256 of the DER bytes, hex. */
  readonly fingerprint: string;
  /** sha256 of the DER SubjectPublicKeyInfo, hex. */
  readonly publicKeyDigest: string;
}

export interface PrivateKeyFact {
  /** `rsa`, `ec`, `ed25519`, …; "" when it is encrypted. */
  readonly algorithm: string;
  /** Length of an RSA modulus. */
  readonly bits?: number;
  /** The PEM label: `RSA PRIVATE KEY`, `PRIVATE KEY`, `EC PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`. */
  readonly pemType: string;
  /** Needs a passphrase of its own. */
  readonly encrypted: boolean;
  /** sha256 of the DER SubjectPublicKeyInfo that belongs to it, hex; "" when it is encrypted. */
  readonly publicKeyDigest: string;
}
