import type { Platform } from "./platform.ts";
import type { ContainerSpec, NetworkSpec, VolumeSpec } from "./container.ts";

/** One snapshot of the host: everything a plan is made from. */
export interface ObservedState {
  readonly engine: EngineFacts;
  /** Containers that carry the project's label, or one of the names asked for; all states. */
  readonly containers: readonly ObservedContainer[];
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** Local images by each of their references (`name:tag`, `name@sha256:…`, id). */
  readonly images: ReadonlyMap<string, ObservedImage>;
  /** Host ports that containers outside the project publish, `0.0.0.0:443/tcp` → container name. */
  readonly foreignPorts: ReadonlyMap<string, string>;
}

export interface EngineFacts {
  readonly version: string;
  /** The negotiated API version, `1.41`. */
  readonly apiVersion: string;
  readonly os: string;
  readonly architecture: string;
  /** What the daemon's own configuration gives a container that says nothing. */
  readonly defaults?: { readonly loggingDriver: string; readonly runtime: string };
  /** false: the kernel counts no swap, and the Engine takes each limit of it for none. */
  readonly swapLimit?: boolean;
}

export interface ObservedContainer {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly state: ContainerState;
  /** Id of the image it was created from, `sha256:…`. */
  readonly imageId: string;
  /** All labels: the image's, the operator's, Compose's and ours. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Its configuration in the words of the desired state, as the Engine reports it: defaults of Engine and image are
   * still in it and are taken off by the comparison.
   */
  readonly spec: ContainerSpec;
  readonly createdAt: string;
}

export interface ContainerState {
  readonly status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  readonly health: "none" | "starting" | "healthy" | "unhealthy";
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The Engine's own words on why it could not start, without secrets. */
  readonly error: string;
  /** ISO times of the Engine; the zero time when it never happened. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly restartCount: number;
}

export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: NetworkSpec;
  /** Every container that is to be on it, stopped ones too, by name. */
  readonly members: readonly NetworkMember[];
}

export interface NetworkMember {
  readonly id: string;
  /** Docker name. */
  readonly name: string;
  /** It runs (or is paused): the network cannot be removed while it is connected. */
  readonly isUp: boolean;
}

export interface ObservedVolume {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: VolumeSpec;
}

export interface ObservedImage {
  readonly id: string;
  readonly references: readonly string[];
  /** Absent where the Engine does not say. */
  readonly platform?: Platform;
  /** What the image gives where a service says nothing. */
  readonly defaults: ImageDefaults;
}

export interface ImageDefaults {
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  readonly stopSignal: string;
  readonly healthcheck?: ContainerSpec["healthcheck"];
}
