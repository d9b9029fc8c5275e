import type { Clock } from "../ports/clock.ts";

/** A reason to start a pass now. It carries no content: the pass looks at everything. */
export class Wake {
  #pending = false;
  #ring: (() => void) | undefined;

  ring(): void {
    this.#pending = true;
    this.#ring?.();
  }

  /** Resolves after `ms`, or as soon as somebody rings; rejects with the signal's reason. */
  async wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    if (!this.#pending && ms > 0) {
      const stop = new AbortController();
      const rung = new Promise<void>((resolve) => this.#ring = resolve);
      const slept = clock.sleep(ms, AbortSignal.any([signal, stop.signal]));
      slept.catch(() => {}); // the one that loses the race
      try {
        await Promise.race([rung, slept]);
      } finally {
        this.#ring = undefined;
        stop.abort();
      }
    }
    signal.throwIfAborted();
    this.#pending = false;
  }
}
