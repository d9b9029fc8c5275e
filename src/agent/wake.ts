import type { Clock } from "../ports/clock.ts";

/** A reason to start a pass now. It carries no content: the pass looks at everything. */
export class Wake {
  #isRung = false;
  #isAsked = false;
  /** Ends the wait that goes on, if that one listens. */
  #onRing: (() => void) | undefined;
  #onAsk: (() => void) | undefined;

  /** Something may have changed. */
  ring(): void {
    this.#isRung = true;
    this.#onRing?.();
  }

  /** A person wants a pass: that ends a pause after a failure too. */
  ask(): void {
    this.#isAsked = true;
    this.#onAsk?.();
  }

  /** Whether a person asked for a pass since this was last called. */
  takeRequest(): boolean {
    const isAsked = this.#isAsked;
    this.#isAsked = false;
    return isAsked;
  }

  /** Resolves after `ms`, or as soon as somebody rings or asks; rejects with the signal's reason. */
  async wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const rung = new Promise<void>((resolve) => this.#onRing = this.#onAsk = resolve);
    await this.#waitFor(this.#isRung || this.#isAsked ? 0 : ms, { rung, clock }, signal);
    this.#isRung = false;
  }

  /** Resolves after `ms`, or as soon as a person asks; rejects with the signal's reason. */
  async pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const rung = new Promise<void>((resolve) => this.#onAsk = resolve);
    await this.#waitFor(this.#isAsked ? 0 : ms, { rung, clock }, signal);
  }

  async #waitFor(
    ms: number,
    { rung, clock }: { readonly rung: Promise<void>; readonly clock: Clock },
    signal: AbortSignal,
  ): Promise<void> {
    if (ms > 0) {
      const stop = new AbortController();
      const slept = clock.sleep(ms, AbortSignal.any([signal, stop.signal]));
      slept.catch(() => {}); // the one that loses the race
      try {
        await Promise.race([rung, slept]);
      } finally {
        stop.abort();
      }
    }
    this.#onRing = this.#onAsk = undefined;
    signal.throwIfAborted();
  }
}
