/**
 * Whoever started the agent and watches over it. Telling never fails and never takes long: an agent that nobody
 * supervises tells nobody.
 */
export interface Supervisor {
  /** Progress has to be told more often than this, or the agent is killed and started again; undefined: nobody watches. */
  readonly watchdogMs: number | undefined;
  /** The configuration is loaded, the state folder is ours, and the loops run. */
  ready(): void;
  /** A bounded step of the work has ended. */
  progress(): void;
  /** One line for `systemctl status`. */
  status(text: string): void;
  /** The agent was asked to end, and does. Resolves when all that was told has been heard. */
  stopping(): Promise<void>;
}
