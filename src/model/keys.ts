/** What may be known of one opened key: never its bytes. */
export interface KeyFact {
  readonly size: number;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Keyed digest of the bytes. */
  readonly digest: string;
}

/** The facts of an opened bundle by path inside the keys folder. */
export type KeyFacts = ReadonlyMap<string, KeyFact>;

/** One opened key with its bytes: handed from the archive to the tmpfs folder and to interpolation, to nothing else. */
export interface KeyFile {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly bytes: Uint8Array;
}
