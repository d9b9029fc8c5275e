import { performance } from "node:perf_hooks";
import type { Clock } from "../../ports/clock.ts";

/** The longest delay a timer of the runtime takes; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own time. */
export function systemClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    random: () => Math.random(),
    async sleep(ms, signal) {
      for (let left = ms; left > 0; left -= longestTimerMs) await sleepOnce(Math.min(left, longestTimerMs), signal);
      signal.throwIfAborted();
    },
  };
}

function sleepOnce(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
