/** Where a repository's refs and objects come from: an HTTP server, or a folder of this host. */
export interface GitRemote {
  /** The repository as messages name it: quoted, without credentials. */
  readonly shown: string;
  /**
   * One listing.
   *
   * @param prefixes what full ref names start with; none asks for all
   * @throws HoldfastError `SOURCE_*`
   */
  listRefs(prefixes: readonly string[], signal: AbortSignal): Promise<readonly RemoteRef[]>;
  /**
   * A pack of one commit and its whole tree, without its parents, piece by piece and unchecked.
   *
   * @throws HoldfastError `SOURCE_*`
   */
  fetchPack(commit: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface RemoteRef {
  /** Full name: `HEAD`, `refs/heads/main`. */
  readonly name: string;
  readonly oid: string;
  /** What an annotated tag points to in the end. */
  readonly peeled?: string;
  /** The ref that `HEAD` stands for. */
  readonly target?: string;
}
