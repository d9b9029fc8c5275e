import type { Clock } from "../ports/clock.ts";
import type { DeploymentPorts } from "./deployment.ts";

/** Above every time limit that adapters keep: what has not ended by then never will. */
const longestCallMs = 600_000;
/** The same for pulls, and for stops, which last as long as their grace period. */
const longestWaitMs = 7_200_000;
const waits: ReadonlySet<string> = new Set(["pullImage", "stopContainer", "restartContainer"]);
/** Goes on for ever beside the loop, and tells nothing about it. */
const endless = "watch";

interface Watching {
  /** How long a wait may last without a beat. */
  readonly sliceMs: number;
  /** Called whenever a bounded step has ended. */
  readonly beat: () => void;
}

/**
 * Ports that tell of the progress of a loop: whatever a loop does is a call of a port or a sleep. Both end in bounded
 * time, and are waited for in slices, each of which is a step. A loop that hangs anywhere else, and a call that outlasts
 * every limit, are silent.
 */
export function watchedPorts(ports: DeploymentPorts, watching: Watching): DeploymentPorts {
  const { clock, log, ...others } = ports;
  const watched = { clock: watchedClock(clock, watching), log };
  const entries = Object.entries(others).map(([name, port]) => [name, watchedPort(port, clock, watching)]);
  return { ...watched, ...Object.fromEntries(entries) };
}

function watchedClock(clock: Clock, { sliceMs, beat }: Watching): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    random: () => clock.random(),
    async sleep(ms, signal) {
      let leftMs = ms;
      do {
        await clock.sleep(Math.min(leftMs, sliceMs), signal);
        beat();
        leftMs -= sliceMs;
      } while (leftMs > 0);
    },
  };
}

function watchedPort(port: object, clock: Clock, watching: Watching): object {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function" || name === endless) return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        if (!(result instanceof Promise)) return result;
        const limitMs = waits.has(String(name)) ? longestWaitMs : longestCallMs;
        void beatUntilEnd(result, { ...watching, clock, limitMs });
        return result;
      };
    },
  });
}

/** Never rejects: the result is its caller's. */
async function beatUntilEnd(
  result: Promise<unknown>,
  { sliceMs, beat, clock, limitMs }: Watching & { readonly clock: Clock; readonly limitMs: number },
): Promise<void> {
  const end = new AbortController();
  const ended = result.then(() => {}, () => {}).finally(() => end.abort());
  const endMs = clock.monotonicMs() + limitMs;
  while (!end.signal.aborted && clock.monotonicMs() < endMs) {
    await Promise.race([ended, clock.sleep(sliceMs, end.signal).catch(() => {})]);
    beat();
  }
}
