import type {
  ContainerSpec,
  NetworkAttachment,
  NetworkSpec,
  Resources,
  RestartPolicy,
  VolumeSpec,
} from "../model/container.ts";
import type { ObservedState } from "../model/observed.ts";

/**
 * The Docker Engine. Every call ends with its signal and has a time limit; every id is a full one (64 hex digits).
 * All calls throw HoldfastError: `ENGINE_UNREACHABLE`, `ENGINE_GONE` for what is not there any more
 * (`IMAGE_MISSING` for an image), `PORT_TAKEN`, `ENGINE_CALL` on any other refusal.
 */
export interface Engine {
  /**
   * One snapshot: list calls for containers, networks, volumes and images, and an inspect of each container of the
   * project that has not been inspected since it last changed.
   *
   * @param names Docker names whose holder is wanted although it is outside the project (container names, external networks and volumes)
   */
  observe(scope: ObserveScope, signal: AbortSignal): Promise<ObservedState>;

  /**
   * @param onProgress called now and then with what has been downloaded
   * @throws HoldfastError `IMAGE_PULL`
   */
  pullImage(image: string, options: PullOptions, signal: AbortSignal): Promise<void>;

  /** @returns the network's id */
  createNetwork(spec: NetworkSpec, labels: Record<string, string>, signal: AbortSignal): Promise<string>;
  removeNetwork(id: string, signal: AbortSignal): Promise<void>;
  connectNetwork(
    network: string,
    containerId: string,
    attachment: NetworkAttachment,
    signal: AbortSignal,
  ): Promise<void>;
  disconnectNetwork(network: string, containerId: string, signal: AbortSignal): Promise<void>;
  createVolume(spec: VolumeSpec, labels: Record<string, string>, signal: AbortSignal): Promise<void>;

  /**
   * Creates a container, connected to all its networks, not started.
   *
   * @param options.volumesOf id of the predecessor whose anonymous volumes it takes over
   * @returns the container's id
   */
  createContainer(name: string, spec: ContainerSpec, options: CreateOptions, signal: AbortSignal): Promise<string>;
  renameContainer(id: string, name: string, signal: AbortSignal): Promise<void>;
  updateContainer(
    id: string,
    change: { resources?: Resources; restart?: RestartPolicy },
    signal: AbortSignal,
  ): Promise<void>;
  /** @returns false when it was running already (304) */
  startContainer(id: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Stops a container and waits until it has exited.
   *
   * @param graceSeconds from the stop signal to SIGKILL; undefined: the container's own
   * @returns false when it was stopped already (304)
   */
  stopContainer(id: string, graceSeconds: number | undefined, signal: AbortSignal): Promise<boolean>;
  restartContainer(id: string, graceSeconds: number | undefined, signal: AbortSignal): Promise<void>;
  unpauseContainer(id: string, signal: AbortSignal): Promise<void>;
  /** Removes a stopped container and the anonymous volumes that no other container uses; never a named volume. */
  removeContainer(id: string, signal: AbortSignal): Promise<void>;
  /** The state now, not from the snapshot. */
  inspectState(id: string, signal: AbortSignal): Promise<import("../model/observed.ts").ContainerState>;
  /** The last lines of its log, newest last: for the error of a container that exits at once. */
  tailLog(id: string, lines: number, signal: AbortSignal): Promise<readonly string[]>;

  /**
   * Calls `onChange` whenever something of the project may have changed, or the stream was interrupted. Reconnects with
   * backoff until the signal.
   */
  watch(project: string, onChange: (what: string) => void, signal: AbortSignal): Promise<void>;
}

export interface ObserveScope {
  readonly project: string;
  /** Docker names of containers that the desired state wants: whoever holds them is in the snapshot. */
  readonly containerNames: readonly string[];
  readonly networkNames: readonly string[];
  readonly volumeNames: readonly string[];
  /** References whose local image is wanted with its defaults. */
  readonly images: readonly string[];
  /** true: inspect everything again. */
  readonly full: boolean;
}

export interface PullOptions {
  readonly platform?: string;
  readonly onProgress?: (text: string) => void;
}

export interface CreateOptions {
  readonly labels: Record<string, string>;
  /** A label that gets the id of the image: it was not known when the others were made, since it had to be pulled. */
  readonly imageIdLabel?: string;
  readonly volumesOf?: string;
}
