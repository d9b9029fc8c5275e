import type { KeyFile } from "../model/keys.ts";

/** Keys folders and bundles on disk, where an operator makes, opens and looks at them. */
export interface KeyDisk {
  /**
   * A folder of keys as it lies there, sorted by path.
   *
   * @throws HoldfastError `SOURCE_NOT_FOUND`; `KEYS_ARCHIVE` for a link, a device, or too much of anything
   */
  readFolder(path: string): Promise<KeyTree>;
  /**
   * Makes a folder of these files, 0700, whole or not at all.
   *
   * @param path a folder that is not there, or empty
   * @param owners `kept`: as root, files get the owners that they name
   * @throws HoldfastError `HOST_FILES`; what stood there before is still there
   */
  writeFolder(path: string, files: readonly KeyFile[], owners: "kept" | "own"): Promise<void>;
  /** @throws HoldfastError `SOURCE_NOT_FOUND`, `SOURCE_LIMIT` */
  readFile(path: string): Promise<Uint8Array>;
  /** Replaces a file, whole or not at all. @throws HoldfastError `HOST_FILES`; what stood there before is still there */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Whether a path lies below a folder, links resolved as far as they exist. */
  isBelow(path: string, folder: string): Promise<boolean>;
  /** Where what is written to a path comes to lie. */
  storage(path: string): Promise<"memory" | "disk">;
}

export interface KeyTree {
  /** The folder's own name: the top folder of the archive. */
  readonly name: string;
  /** Paths inside the folder; it itself is "". */
  readonly folders: readonly Omit<KeyFile, "bytes">[];
  readonly files: readonly KeyFile[];
}
