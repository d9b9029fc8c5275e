import type { Supervisor } from "../ports/supervisor.ts";

/**
 * Tells the supervisor of progress once every loop has made some since it was last told: a loop that hangs is not
 * covered by those that go on.
 */
export class Heartbeat {
  readonly #supervisor: Supervisor;
  readonly #loops: readonly string[];
  #silent: Set<string>;

  constructor(supervisor: Supervisor, loops: readonly string[]) {
    this.#supervisor = supervisor;
    this.#loops = loops;
    this.#silent = new Set(loops);
  }

  /** A bounded step of this loop has ended. */
  beat(loop: string): void {
    this.#silent.delete(loop);
    if (this.#silent.size > 0) return;
    this.#silent = new Set(this.#loops);
    this.#supervisor.progress();
  }
}
