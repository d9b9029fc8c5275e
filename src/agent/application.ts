import type { Explanation } from "../model/explanation.ts";
import type { Issue } from "../model/issue.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Installer } from "../ports/installer.ts";
import type { LogLevel } from "../ports/log.ts";
import type { PublishedPlan, PublishedReport } from "../report/published.ts";
import type { StaleClone } from "../report/clone-text.ts";
import type { HostStatus } from "../report/status.ts";
import type { KeysCommands } from "./keys.ts";

/**
 * The use cases behind the commands. Each takes all it needs from its options, ends with the signal, and throws
 * HoldfastError when it cannot give the answer at all; what it found out along the way is in the answer.
 */
export interface Application extends Installer, KeysCommands {
  readonly build: Build;

  /**
   * The service: reconciles every deployment until the signal, then finishes the call under way and returns.
   *
   * @throws HoldfastError `CONFIG_*`, `STATE_LOCKED`, `STATE_UNREADABLE`
   */
  run(options: HostOptions, signal: AbortSignal): Promise<void>;

  /**
   * What one pass would do, without a changing call and without writing a file or key. Where it takes a credential that
   * this process was not given, the running agent is asked.
   *
   * @returns one plan per deployment, in agent.yaml's order; a deployment that fails has its `error` there
   * @throws HoldfastError `CONFIG_*`; `AGENT_UNREACHABLE` when it has to be asked and does not answer; `USAGE` for an
   *   unknown deployment
   */
  plan(options: PlanOptions, signal: AbortSignal): Promise<readonly PublishedPlan[]>;

  /**
   * One pass of each deployment. What it does is logged as it happens.
   *
   * While the service runs it is asked for the pass, and logs it.
   *
   * @returns one report per deployment, in agent.yaml's order; a deployment that fails has its `error` there
   * @throws HoldfastError `CONFIG_*`; `STATE_LOCKED` when the holder of the state folder does not answer; `USAGE` for an
   *   unknown deployment
   */
  apply(options: HostOptions, signal: AbortSignal): Promise<readonly PublishedReport[]>;

  /**
   * Puts keys and secrets back on tmpfs after a boot, without network and Engine.
   *
   * @returns `failed` when those of a deployment could not be placed; the log says why, and all others were
   * @throws HoldfastError `CONFIG_*`, `STATE_LOCKED`
   */
  placeKeys(options: HostOptions, signal: AbortSignal): Promise<"placed" | "failed">;

  /**
   * Asks the running agent for a pass now.
   *
   * @throws HoldfastError `CONFIG_*`, `AGENT_UNREACHABLE`; `USAGE` for an unknown deployment
   */
  sync(options: SyncOptions, signal: AbortSignal): Promise<SyncResult>;

  /**
   * The running agent's last report of each deployment; none for one whose first pass has not ended.
   *
   * @throws HoldfastError `CONFIG_*`, `AGENT_UNREACHABLE`; `USAGE` for an unknown deployment
   */
  report(options: HostOptions, signal: AbortSignal): Promise<readonly PublishedReport[]>;

  /**
   * Loads and judges a deployment folder as it lies on disk, without a host, keys or agent.yaml.
   *
   * @throws HoldfastError `SOURCE_NOT_FOUND` when there is no such folder
   */
  check(options: CheckOptions, signal: AbortSignal): Promise<CheckResult>;

  /**
   * The canonical Compose model of a deployment folder or of Compose files on disk.
   *
   * @throws HoldfastError `SOURCE_NOT_FOUND` when a file or folder is not there; `USAGE` when the model has no path
   *   `explain`
   */
  config(options: ConfigOptions, signal: AbortSignal): Promise<ConfigResult>;

  /**
   * What the running agent says; with none, what the last one left in the state folder. Nothing is touched.
   *
   * @throws HoldfastError `CONFIG_*`, `STATE_UNREADABLE`; `USAGE` for an unknown deployment
   */
  status(options: HostOptions, signal: AbortSignal): Promise<HostStatus & { readonly clones?: readonly StaleClone[] }>;
}

/** What this program was built from. */
export interface Build {
  readonly version: string;
  /** 40 hex digits; "" when built outside a git checkout. */
  readonly commit: string;
  /** `linux-x64`. */
  readonly platform: string;
}

export interface HostOptions {
  /** Path of agent.yaml. */
  readonly configFile: string;
  /** All deployments when absent. */
  readonly deployment?: string;
  readonly log: LogOptions;
}

export interface PlanOptions extends HostOptions {
  /** The lines number the steps and tell what each waits for. */
  readonly steps: boolean;
}

export interface SyncOptions extends HostOptions {
  /** `ring` only wakes the agent. */
  readonly until: "ring" | "reported";
}

/** As `until` asks: names of the deployments whose pass is due, or the reports of the passes that followed. */
export type SyncResult =
  | { readonly kind: "woken"; readonly deployments: readonly string[] }
  | { readonly kind: "reported"; readonly reports: readonly PublishedReport[] };

/** Where the log goes: `run` writes it on standard output, every other command on standard error. */
export interface LogOptions {
  readonly format: "text" | "json";
  /** The lowest level that is written. */
  readonly level: LogLevel;
}

export interface CheckOptions {
  /** The folder that holds holdfast.yaml (or compose.yaml); relative to the working directory. */
  readonly folder: string;
  /** The repository's root; when absent the nearest folder above with `.git`, else `folder` itself. */
  readonly root?: string;
}

export interface CheckResult {
  /** Sorted. */
  readonly issues: readonly Issue[];
  /** Sorted; waived ones too. */
  readonly verdicts: readonly Verdict[];
  /** Text of the files that issues and verdicts point into, by path as positions have it: for caret lines. */
  readonly sources: Sources;
}

/** Text by path. */
export type Sources = ReadonlyMap<string, string>;

/** As Compose's own flags of the same names; paths are relative to the working directory. */
export interface ConfigOptions {
  /** The deployment folder when no `files` are given. */
  readonly folder: string;
  readonly root?: string;
  readonly files: readonly string[];
  readonly project?: string;
  readonly projectDirectory?: string;
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  /** Wins over everything else. */
  readonly environment: Readonly<Record<string, string>>;
  /** Standard input: the Compose file that is named `-`. */
  readonly input?: Uint8Array;
  /** Of the model. */
  readonly format: "yaml" | "json";
  /** Where the value at this path comes from, instead of the model: `services.web.ports`. */
  readonly explain?: string;
}

export type ConfigResult =
  | {
    readonly kind: "model";
    /** As `docker compose config` prints it; key references are printed unopened. */
    readonly text: string;
    readonly warnings: readonly Issue[];
    readonly sources: Sources;
  }
  | { readonly kind: "explanation"; readonly explanation: Explanation; readonly sources: Sources }
  | { readonly kind: "issues"; readonly issues: readonly Issue[]; readonly sources: Sources };
