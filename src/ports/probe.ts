/** Looks at a deployment from outside, as its users would. */
export interface Probe {
  /** Whether a TCP connection is accepted within the time. */
  connects(
    address: { readonly host: string; readonly port: number },
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean>;
}
