/** One tracked file of a revision. `link` bytes are the target's text, which stays inside the repository. */
export interface RevisionFile {
  readonly mode: "file" | "executable" | "link";
  /** git's blob id: equal ids are equal bytes. */
  readonly oid: string;
  readonly bytes: Uint8Array;
}

/** All files of one revision by path (relative to the repository's root, `/` between parts), in path order. */
export interface RevisionFiles extends ReadonlyMap<string, RevisionFile> {
  /** Whether there is a folder, for files on disk, whose paths are not all known; absent where they are. */
  hasFolder?(path: string): boolean;
}

/** A tracked file that is not on the host what the revision says. */
export interface EditedFile {
  /** As in the revision. */
  readonly path: string;
  readonly found: "missing" | "edited" | "mode" | "replaced";
  /** Names what the revision has: its mode and blob id. */
  readonly want?: string;
}

/** A key or a secret on tmpfs that is not as it was placed. */
export interface EditedKey {
  /** Inside the keys or the secrets folder. */
  readonly path: string;
  /** `edited`: other bytes, mode or owner, or a file that nobody placed; whoever has it bound reads that. */
  readonly found: "missing" | "edited";
  /** Keyed digest of what it should be; absent where nothing should. */
  readonly want?: string;
}

/** What can be seen of a file on tmpfs without telling its bytes. */
export interface PlacedFile {
  /** Keyed digest of its bytes. */
  readonly digest: string;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  /** Absent where holdfast cannot give files away: they are then its own, whatever was asked. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}
