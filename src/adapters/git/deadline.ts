import { cancelled } from "./errors.ts";
import { timedOut } from "./network-errors.ts";

/**
 * Runs work under a signal that also ends after a time.
 *
 * @param limit.shown the repository as the error names it
 * @throws HoldfastError `SOURCE_UNREACHABLE` when the time is over, `CANCELLED`
 */
export async function withDeadline<T>(
  limit: { readonly ms: number; readonly shown: string; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(timedOut(limit.shown, "it did not finish", limit.ms)), limit.ms);
  const signal = AbortSignal.any([limit.signal, over.signal]);
  try {
    if (signal.aborted) throw cancelled(signal);
    return await work(signal);
  } finally {
    clearTimeout(timer);
  }
}
