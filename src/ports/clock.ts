/** Time, so that tests can hold it. */
export interface Clock {
  now(): Date;
  /** Milliseconds that only grow: for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to 1: for jitter. */
  random(): number;
}
