import type { RevisionFiles } from "../model/files.ts";
import type { Revision } from "../model/revision.ts";

/** Where revisions come from. Every call has a time limit of its own and ends with the signal. */
export interface Source {
  /**
   * The commit that the deployment's ref points to now: one ref listing, no fetch.
   *
   * @throws HoldfastError `SOURCE_*`
   */
  resolve(signal: AbortSignal): Promise<Tip>;
  /**
   * Brings a commit into the object store, whole and checked, before anything points at it; a commit that is there
   * already costs no network.
   *
   * @throws HoldfastError `SOURCE_*`
   */
  fetch(tip: Tip, signal: AbortSignal): Promise<Revision>;
  /**
   * The revision and files of a commit that was fetched before; no network.
   *
   * @throws HoldfastError `SOURCE_UNSAFE`, `SOURCE_LIMIT`; `SOURCE_NOT_FOUND` when the store does not hold it
   */
  read(commit: string, signal: AbortSignal): Promise<{ readonly revision: Revision; readonly files: RevisionFiles }>;
  /** Drops what the store holds beyond these commits. */
  prune(keep: readonly string[]): Promise<void>;
}

export interface Tip {
  readonly commit: string;
  /** Full name of the ref: `refs/heads/main`. */
  readonly ref: string;
}
