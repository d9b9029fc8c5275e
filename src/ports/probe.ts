/** Looks at a deployment from outside, as its users would. */
export interface Probe {
  /** Whether a TCP connection is accepted within the time. */
  connects(
    address: { readonly host: string; readonly port: number },
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  /**
   * Asks one URL of this host itself, by the name in the URL but without looking it up. The certificate is not judged
   * here, only told.
   */
  asks(url: string, timeoutMs: number, signal: AbortSignal): Promise<HttpAnswer>;
}

export interface HttpAnswer {
  /** Absent when there was no HTTP answer. */
  readonly status?: number;
  /** Of the certificate that was shown: sha256 of its DER bytes, hex, and its subject's common name. */
  readonly certificate?: { readonly fingerprint: string; readonly name: string };
  /** Why there was no answer, in a few words. */
  readonly failure?: string;
}
