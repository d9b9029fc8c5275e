/** Shows people at a terminal what is under way; the journal has no use for it. */
export interface Progress {
  /** @param under what is under way, oldest first; empty: nothing is */
  show(under: readonly string[]): void;
}
