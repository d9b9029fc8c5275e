import type { SecretFile } from "../model/desired.ts";
import type { EditedFile, PlacedFile, RevisionFiles } from "../model/files.ts";
import type { KeyFile } from "../model/keys.ts";

export type { EditedFile };

/** What is going to be placed. */
export interface Placement {
  readonly files: RevisionFiles;
  /** What earlier placements may have left in the checkout. */
  readonly previous?: RevisionFiles;
  readonly keys?: { readonly files: readonly KeyFile[]; readonly into: string };
}

/** The files of one deployment on the host: its checkout, and its keys and secrets on tmpfs. */
export interface HostFiles {
  /** Absolute paths. */
  readonly folders: { readonly checkout: string; readonly keys: string; readonly secrets: string };
  /**
   * Tracked files that are not what the revision says: edited, removed, or of another mode. Quick where size and mtime
   * have not changed since they were last read.
   */
  observe(files: RevisionFiles, signal: AbortSignal): Promise<readonly EditedFile[]>;
  /**
   * What lies in the keys folder now, by path. Empty before the first placement, after a boot, and where
   * `into` in the checkout does not lead there.
   */
  observeKeys(into: string, signal: AbortSignal): Promise<ReadonlyMap<string, PlacedFile>>;
  /**
   * Finds what stands in the way of a placement, before anything is changed: a file that git does not track, a keys
   * folder with other files, a runtime folder on disk.
   *
   * @throws HoldfastError `HOST_FILES`, `RUNTIME_FOLDER`
   */
  check(placement: Placement, signal: AbortSignal): Promise<void>;
  /**
   * Makes the checkout equal to the revision, file by file by rename; removes what `previous` tracked and `files` does
   * not; never touches what git does not track.
   *
   * @throws HoldfastError `HOST_FILES`
   */
  placeCheckout(files: RevisionFiles, previous: RevisionFiles | undefined, signal: AbortSignal): Promise<void>;
  /**
   * Switches the keys folder as a whole (0700, on tmpfs) and makes `into` in the checkout a link to it.
   *
   * @param into folder below the checkout, such as `production/keys-generated`
   * @throws HoldfastError `RUNTIME_FOLDER` where the folder is not a tmpfs, `HOST_FILES` where a real folder with other files stands at `into`
   */
  placeKeys(keys: readonly KeyFile[], into: string, signal: AbortSignal): Promise<void>;
  /** The keys that lie in the keys folder now, with their bytes; none before the first placement and after a boot. */
  readKeys(signal: AbortSignal): Promise<readonly KeyFile[]>;
  /** What lies in the secrets folder now, by path. */
  observeSecrets(signal: AbortSignal): Promise<ReadonlyMap<string, PlacedFile>>;
  /** Writes Compose's secrets and configs, one file each, and removes those that are no longer wanted. */
  placeSecrets(files: readonly SecretFile[], signal: AbortSignal): Promise<void>;
}
