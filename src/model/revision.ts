/** One commit of the deployment's ref. */
export interface Revision {
  /** 40 hex digits. */
  readonly commit: string;
  /** Object id of the root tree, 40 hex digits. */
  readonly tree: string;
  /** The ref it was resolved from, as the remote calls it: `refs/heads/main`. */
  readonly ref: string;
  /** First line of the message. */
  readonly subject: string;
  readonly author: { readonly name: string; readonly email: string };
  /** Committer's time, seconds since 1970. */
  readonly committedAt: number;
}

/** The seven digits that plans and reports show. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}
