import type { HoldfastError } from "../model/error.ts";

/** Work on what a repository says, away from the agent: it can take neither the agent's memory nor its time. */
export interface IsolatedTask {
  /** One of the tasks that the other side knows. */
  readonly kind: string;
  /** Plain data, and bytes; it stays in memory. */
  readonly input: unknown;
  /** The error for work that exceeds its limits, such as "more than 256 MB of memory". */
  readonly exceeded: (what: string) => HoldfastError;
}

export interface Isolation {
  /**
   * Runs a task within limits of memory and time. The caller's thread only waits.
   *
   * @returns the task's plain data
   * @throws HoldfastError what the task throws; the task's `exceeded`; `CANCELLED`
   */
  run(task: IsolatedTask, signal: AbortSignal): Promise<unknown>;
}
