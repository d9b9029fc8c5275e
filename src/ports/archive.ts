import type { KeyFile } from "../model/keys.ts";
import type { KeyTree } from "./key-disk.ts";

/** Reads the tar inside an opened bundle, in memory. */
export interface Archive {
  /**
   * @returns regular files only, sorted by path; folders are implied
   * @throws HoldfastError `KEYS_ARCHIVE` for an absolute path, `..`, a link, a device, a duplicate, or too much of anything
   */
  unpack(bytes: Uint8Array, signal: AbortSignal): Promise<readonly KeyFile[]>;
}

/** Writes the tar that a bundle seals, in memory: below a top folder with the tree's name, modes and owners kept. */
export type PackArchive = (tree: KeyTree, modifiedAt: Date) => Promise<Uint8Array>;
