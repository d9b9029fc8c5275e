import type { RevisionFiles } from "../model/files.ts";

/** Folders on disk in the form of a revision, for commands that judge files before they are committed. */
export interface FolderReader {
  /** The repository that a folder lies in: absolute, links resolved. @throws HoldfastError `SOURCE_NOT_FOUND` */
  findRoot(folder: string): Promise<string>;
  /** @throws HoldfastError `SOURCE_NOT_FOUND` */
  read(root: string): Promise<RevisionFiles>;
  /** A path as an absolute one, links resolved as far as it exists. */
  resolve(path: string): Promise<string>;
}
