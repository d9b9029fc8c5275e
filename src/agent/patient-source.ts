import { HoldfastError } from "../model/error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Source } from "../ports/source.ts";

/** A source that keeps what it answered, until it is told or the time has come to ask again. */
export interface PatientSource extends Source {
  /** A person asks: the next question goes out at once. */
  askAnew(): void;
}

interface Refusal {
  /** What was asked: the ref, or a commit. */
  readonly question: string;
  readonly error: HoldfastError;
  readonly untilMs: number;
}

interface Patience {
  readonly clock: Clock;
  readonly intervalMs: number;
}

/**
 * A source that is not asked again too early, whatever wakes the passes: where a person or another commit must end the
 * failure, not before the interval is over (a wrong token that is sent again and again locks an account), and never
 * before the time that the server itself names. Until then it answers as it did.
 */
export function patientSource(source: Source, { clock, intervalMs }: Patience): PatientSource {
  const refusals = new Map<"resolve" | "fetch", Refusal>();
  const patiently = async <Result>(
    [kind, question]: readonly ["resolve" | "fetch", string],
    ask: () => Promise<Result>,
  ): Promise<Result> => {
    const refusal = refusals.get(kind);
    if (refusal?.question === question && clock.monotonicMs() < refusal.untilMs) throw refusal.error;
    refusals.delete(kind);
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof HoldfastError)) throw thrown;
      const pauseMs = Math.max(thrown.retryAfterMs ?? 0, thrown.retry === "backoff" ? 0 : intervalMs);
      if (pauseMs > 0) refusals.set(kind, { question, error: thrown, untilMs: clock.monotonicMs() + pauseMs });
      throw thrown;
    }
  };
  return {
    resolve: (signal) => patiently(["resolve", ""], () => source.resolve(signal)),
    fetch: (tip, signal) => patiently(["fetch", tip.commit], () => source.fetch(tip, signal)),
    read: (commit, signal) => source.read(commit, signal),
    prune: (keep) => source.prune(keep),
    askAnew: () => refusals.clear(),
  };
}
