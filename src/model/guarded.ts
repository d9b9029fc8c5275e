/** What of this host belongs to the agent or to another deployment: no container may get at it, whatever policies say. */
export interface GuardedPaths {
  /** They, and what is in them, may not be bound. The first that fits is told. */
  readonly paths: readonly GuardedPath[];
  /** The deployment's own folders inside of these: they, and what is in them, may be bound. */
  readonly own: readonly string[];
}

export interface GuardedPath {
  readonly path: string;
  /** Such as `keys and secrets of deployment "shop"`. */
  readonly what: string;
  /** Whether the folders that it lies in are refused as well. */
  readonly around: "guarded" | "open";
}
