import type { DeploymentConfig } from "../config/agent-config.ts";
import type { Archive } from "../ports/archive.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { HostFiles } from "../ports/host-files.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { Log } from "../ports/log.ts";
import type { Probe } from "../ports/probe.ts";
import type { Progress } from "../ports/progress.ts";
import type { Source } from "../ports/source.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { DigestKey } from "../model/digest.ts";
import type { GuardedPaths } from "../model/guarded.ts";
import type { Revisions } from "./revisions.ts";

/** One deployment of this host with everything that its passes need. */
export interface Deployment {
  readonly config: DeploymentConfig;
  readonly digestKey: DigestKey;
  /** Compose's project where neither manifest nor Compose file names one; undefined: the folder's name, as Compose has it. */
  readonly defaultProject?: string;
  /** Folders and files of this host that no container of a repository may get at; absent: none. */
  readonly guarded?: GuardedPaths;
  /** How many steps may run side by side. */
  readonly parallel: number;
  readonly ports: DeploymentPorts;
  /** Its revisions, prepared once. */
  readonly revisions: Revisions;
}

export interface DeploymentPorts {
  readonly source: Source;
  readonly keyring: Keyring;
  readonly archive: Archive;
  readonly hostFiles: HostFiles;
  readonly engine: Engine;
  readonly probe: Probe;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
}
