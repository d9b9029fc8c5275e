import type { DigestKey } from "../model/digest.ts";
import type { DesiredState } from "../model/desired.ts";
import type { EditedFile, EditedKey } from "../model/files.ts";
import type { Corrections, Inventory } from "../model/ledger.ts";
import type { ObservedState } from "../model/observed.ts";

/** Everything a plan is made from, as values. */
export interface PlanInput {
  readonly deployment: string;
  /** The revision that `desired` was loaded from. */
  readonly commit: string;
  /** The revision that was last applied; undefined before the first. */
  readonly appliedCommit: string | undefined;
  /** The host was moved to a revision that failed: what differs from the applied one is not the host's doing. */
  readonly goingBack: boolean;
  /** The files are back, and the containers of the failed revision's predecessor not verified yet: the same of them. */
  readonly notBackYet?: boolean;
  readonly desired: DesiredState;
  /** What the applied revision asks for, where it is another one and still known: it tells git's changes from the host's. */
  readonly appliedDesired?: DesiredState;
  readonly observed: ObservedState;
  readonly inventory: Inventory;
  /** Corrections of earlier passes that did not last. */
  readonly corrections?: Corrections;
  readonly digestKey: DigestKey;
  /** Absolute paths of the Compose files on the host, in merge order. */
  readonly configFiles: readonly string[];
  readonly files: FilesState;
  /** When the snapshot was taken. */
  readonly now: Date;
  /** How long a container must run without a restart to count as running. */
  readonly runningMs: number;
  /** How long a container may take to become healthy or to complete. */
  readonly waitTimeoutSeconds: number;
  /** Differences that the operator does not want to hear of or have mended. */
  readonly ignore: readonly { readonly service: string; readonly field: string }[];
}

/** How the host's files stand to the revision's. */
export interface FilesState {
  /** Tracked files that are not as in the revision. */
  readonly edited: readonly EditedFile[];
  /** Keys that are missing (all are after a boot) or not as placed. */
  readonly keys: readonly EditedKey[];
  /** The same of the secrets and configs on tmpfs. */
  readonly secrets: readonly EditedKey[];
}

/** Whether anything of the revision's files, keys and secrets is to be put in place again. */
export function filesDiffer(files: FilesState): boolean {
  return files.edited.length + files.keys.length + files.secrets.length > 0;
}
