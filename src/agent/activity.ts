import type { Outcome, Step } from "../plan/step.ts";
import type { Progress } from "../ports/progress.ts";

/** What of a pass is under way: steps, and parts that are no step, in words for `status` and for a terminal. */
export class Activity {
  readonly #progress: Progress;
  readonly #under = new Map<string, string>();

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** Oldest first; empty between two. */
  get under(): readonly string[] {
    return [...this.#under.values()];
  }

  started({ id }: Step): void {
    this.#under.set(id, id);
    this.#show();
  }

  /** @param text what a step that takes long says of itself, such as how much was downloaded */
  went({ id }: Step, text: string): void {
    if (!this.#under.has(id)) return;
    this.#under.set(id, `${id} ${text}`);
    this.#show();
  }

  ended({ step }: Outcome): void {
    this.#under.delete(step.id);
    this.#show();
  }

  /** A part of the pass that is no step. */
  async during<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
    this.#under.set(text, text);
    this.#show();
    try {
      return await work();
    } finally {
      this.#under.delete(text);
      this.#show();
    }
  }

  #show(): void {
    this.#progress.show(this.under);
  }
}
