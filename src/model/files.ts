/** One tracked file of a revision. `link` bytes are the target's text, which stays inside the repository. */
export interface RevisionFile {
  readonly mode: "file" | "executable" | "link";
  /** git's blob id: equal ids are equal bytes. */
  readonly oid: string;
  readonly bytes: Uint8Array;
}

/** All files of one revision by path (relative to the repository's root, `/` between parts), in path order. */
export type RevisionFiles = ReadonlyMap<string, RevisionFile>;

/** A tracked file that is not on the host what the revision says. */
export interface EditedFile {
  /** As in the revision. */
  readonly path: string;
  readonly found: "missing" | "edited" | "mode" | "replaced";
}
