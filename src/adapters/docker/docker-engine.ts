import type Docker from "dockerode";
import type { ContainerSpec } from "../../model/container.ts";
import { defaultMemorySwapBytes } from "../../model/engine-defaults.ts";
import { HoldfastError } from "../../model/error.ts";
import { composeLabel } from "../../model/labels.ts";
import type { CreateOptions, Engine } from "../../ports/engine.ts";
import type { ApiContainer, ApiContainerEntry, ApiImage, ApiImageEntry, ApiNetwork, ApiVolume } from "./api.ts";
import { engineCall } from "./call.ts";
import { type Connected, Connection } from "./connection.ts";
import { createBody } from "./create-body.ts";
import { resourceLimits, restartPolicy } from "./create-host-config.ts";
import { endpointSettings } from "./endpoint.ts";
import { readEvents } from "./events.ts";
import { ImageCatalog } from "./images.ts";
import { Inspections } from "./inspections.ts";
import { logLines } from "./logs.ts";
import { networkBody } from "./networks.ts";
import { resolveLinks } from "./peers.ts";
import { pullImage, type Registry } from "./pull.ts";
import { readState } from "./read-container.ts";
import { anonymousVolumes } from "./read-mounts.ts";
import { type SnapshotCalls, takeSnapshot } from "./snapshot.ts";
import { volumeBody } from "./volumes.ts";
import { EventHub } from "./watch.ts";

export interface DockerEngineOptions {
  /** `unix:///var/run/docker.sock` */
  readonly host: string;
  readonly timeouts?: Partial<EngineTimeouts>;
  readonly registries?: readonly Registry[];
}

export interface EngineTimeouts {
  /** Of every call but those below; a stop has its grace period on top. */
  readonly callMs: number;
  /** A pull ends when the Engine says nothing for so long. */
  readonly pullSilenceMs: number;
  readonly pullMs: number;
}

const defaultTimeouts: EngineTimeouts = { callMs: 60_000, pullSilenceMs: 300_000, pullMs: 3_600_000 };

/** What the Engine waits when neither the call nor the container says. */
const engineGraceSeconds = 10;

/**
 * The Docker Engine behind a unix socket, API 1.41 to 1.51.
 *
 * @throws HoldfastError `CONFIG_INVALID` when the host is not a unix socket
 */
export function dockerEngine(options: DockerEngineOptions): Engine {
  return new DockerEngine(options);
}

type Work<T> = (connected: Connected, abortSignal: AbortSignal) => Promise<T>;

class DockerEngine implements Engine {
  readonly #connection: Connection;
  readonly #timeouts: EngineTimeouts;
  readonly #registries: readonly Registry[];
  readonly #inspections = new Inspections();
  readonly #images = new ImageCatalog();
  readonly #events: EventHub;

  constructor(options: DockerEngineOptions) {
    this.#connection = new Connection(options.host);
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#registries = options.registries ?? [];
    const connect = async (signal: AbortSignal) => {
      this.#connection.forget(); // a stream that broke may be an Engine that was upgraded
      return (await this.#connection.connect({ signal, timeoutMs: this.#timeouts.callMs })).docker;
    };
    this.#events = new EventHub(this.#inspections, (listener, signal) => readEvents(connect, listener, signal));
  }

  observe: Engine["observe"] = async (scope, signal) => {
    const { facts } = await this.#connect(signal);
    const snapshot = await takeSnapshot(scope, this.#snapshotCalls(signal), {
      inspections: this.#inspections,
      images: this.#images,
    });
    this.#events.observed(scope, {
      containers: snapshot.containers.map((container) => container.id),
      networks: snapshot.networks.flatMap((network) => [network.id, network.name]),
      volumes: snapshot.volumes.map((volume) => volume.name),
    });
    return { engine: facts, ...snapshot };
  };

  pullImage: Engine["pullImage"] = async (image, options, signal) => {
    const { docker } = await this.#connect(signal);
    const { pullSilenceMs: silenceMs, pullMs: timeoutMs } = this.#timeouts;
    await pullImage(image, { ...options, docker, registries: this.#registries, silenceMs, timeoutMs }, signal);
  };

  createNetwork: Engine["createNetwork"] = async (spec, labels, signal) => {
    return await this.#call(`create network "${spec.name}"`, signal, async ({ docker, api }, abortSignal) => {
      const network = await docker.createNetwork(
        { ...networkBody(spec, labels, api), abortSignal } as Docker.NetworkCreateOptions,
      );
      return network.id;
    });
  };

  removeNetwork: Engine["removeNetwork"] = async (id, signal) => {
    await this.#call(
      `remove network ${shortId(id)}`,
      signal,
      ({ docker }, abortSignal) => docker.getNetwork(id).remove({ abortSignal } as object),
    );
  };

  connectNetwork: Engine["connectNetwork"] = async (network, containerId, attachment, signal) => {
    await this.#call(
      `connect ${this.#name(containerId)} to network "${attachment.name}"`,
      signal,
      ({ docker, api }, abortSignal) => {
        const EndpointConfig = endpointSettings(attachment, { api, links: [] });
        return docker.getNetwork(network).connect({ Container: containerId, EndpointConfig, abortSignal } as object);
      },
    );
  };

  disconnectNetwork: Engine["disconnectNetwork"] = async (network, containerId, signal) => {
    await this.#call(
      `disconnect ${this.#name(containerId)} from network "${shortId(network)}"`,
      signal,
      ({ docker }, abortSignal) =>
        docker.getNetwork(network).disconnect({ Container: containerId, Force: false, abortSignal } as object),
    );
  };

  createVolume: Engine["createVolume"] = async (spec, labels, signal) => {
    await this.#call(
      `create volume "${spec.name}"`,
      signal,
      ({ docker }, abortSignal) =>
        docker.createVolume({ ...volumeBody(spec, labels), abortSignal } as Docker.VolumeCreateOptions),
    );
  };

  createContainer: Engine["createContainer"] = async (name, spec, options, signal) => {
    const inherited = await this.#inheritedVolumes(options.volumesOf, spec, signal);
    const links = await this.#links(spec, options, signal);
    const { api } = await this.#connect(signal);
    const { body, later } = createBody(spec, { api, labels: options.labels, inherited, links });
    const id = await this.#call(`create container "${name}"`, signal, async ({ docker }, abortSignal) => {
      const query = { name, ...(spec.platform ? { platform: spec.platform } : {}) };
      const container = await docker.createContainer(
        { _query: query, _body: body, abortSignal } as Docker.ContainerCreateOptions,
      );
      return container.id;
    });
    try {
      for (const attachment of later) await this.connectNetwork(attachment.name, id, attachment, signal);
    } catch (error) {
      await this.removeContainer(id, AbortSignal.timeout(this.#timeouts.callMs)).catch(() => {}); // the first error is the one to report
      throw error;
    }
    return id;
  };

  renameContainer: Engine["renameContainer"] = async (id, name, signal) => {
    await this.#onContainer(
      `rename ${this.#name(id)} to "${name}"`,
      id,
      signal,
      (container, abortSignal) => container.rename({ name, abortSignal }),
    );
  };

  updateContainer: Engine["updateContainer"] = async (id, change, signal) => {
    const { resources = {}, restart } = change;
    const { memoryBytes, memorySwapBytes } = resources;
    const swap = memoryBytes && memorySwapBytes === undefined
      ? { memorySwapBytes: defaultMemorySwapBytes(memoryBytes) }
      : {};
    const body = {
      ...resourceLimits({ ...resources, ...swap }),
      ...(restart ? { RestartPolicy: restartPolicy(restart) } : {}),
    };
    await this.#onContainer(
      `update ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) => container.update({ ...body, abortSignal }),
    );
  };

  startContainer: Engine["startContainer"] = async (id, signal) => {
    return await this.#onContainer(
      `start ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) => unlessNotModified(container.start({ abortSignal })),
    );
  };

  stopContainer: Engine["stopContainer"] = async (id, graceSeconds, signal) => {
    return await this.#onContainer(
      `stop ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) =>
        unlessNotModified(container.stop({ ...grace(graceSeconds), abortSignal } as Docker.ContainerStopOptions)),
      this.#graceMs(id, graceSeconds),
    );
  };

  restartContainer: Engine["restartContainer"] = async (id, graceSeconds, signal) => {
    await this.#onContainer(
      `restart ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) => container.restart({ ...grace(graceSeconds), abortSignal } as object),
      this.#graceMs(id, graceSeconds),
    );
  };

  unpauseContainer: Engine["unpauseContainer"] = async (id, signal) => {
    await this.#onContainer(
      `unpause ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) => container.unpause({ abortSignal }),
    );
  };

  removeContainer: Engine["removeContainer"] = async (id, signal) => {
    await this.#onContainer(
      `remove ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) => container.remove({ v: true, abortSignal }),
    );
  };

  inspectState: Engine["inspectState"] = async (id, signal) => {
    return readState(await this.#inspect(id, signal));
  };

  tailLog: Engine["tailLog"] = async (id, lines, signal) => {
    const { Config } = await this.#inspect(id, signal);
    const bytes = await this.#onContainer(
      `read the log of ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) =>
        container.logs({ stdout: true, stderr: true, follow: false, tail: lines, abortSignal }),
    );
    return logLines(Buffer.from(bytes as unknown as Uint8Array), Config.Tty ?? false).slice(-lines);
  };

  watch: Engine["watch"] = (project, onChange, signal) => this.#events.watch(project, onChange, signal);

  #connect(signal: AbortSignal): Promise<Connected> {
    return this.#connection.connect({ signal, timeoutMs: this.#timeouts.callMs });
  }

  async #call<T>(action: string, signal: AbortSignal, work: Work<T>, moreMs = 0): Promise<T> {
    const connected = await this.#connect(signal);
    try {
      return await engineCall(
        action,
        { signal, timeoutMs: this.#timeouts.callMs + moreMs },
        (abortSignal) => work(connected, abortSignal),
      );
    } catch (error) {
      if (error instanceof HoldfastError && error.code === "ENGINE_UNREACHABLE") this.#connection.forget();
      throw error;
    }
  }

  #onContainer<T>(
    action: string,
    id: string,
    signal: AbortSignal,
    work: (container: Docker.Container, abortSignal: AbortSignal) => Promise<T>,
    moreMs = 0,
  ): Promise<T> {
    return this.#call(action, signal, ({ docker }, abortSignal) => work(docker.getContainer(id), abortSignal), moreMs);
  }

  /** `container "web"` where the last snapshot knew it, else its short id. */
  #name(id: string): string {
    const name = this.#inspections.last(id)?.Name;
    return name ? `container "${name.slice(1)}"` : `container ${shortId(id)}`;
  }

  #graceMs(id: string, graceSeconds: number | undefined): number {
    return 1000 * (graceSeconds ?? this.#inspections.last(id)?.Config.StopTimeout ?? engineGraceSeconds);
  }

  #inspect(id: string, signal: AbortSignal): Promise<ApiContainer> {
    return this.#onContainer(
      `inspect ${this.#name(id)}`,
      id,
      signal,
      (container, abortSignal) => container.inspect({ abortSignal }) as unknown as Promise<ApiContainer>,
    );
  }

  /** The anonymous volumes of the predecessor that the new container has a place for. */
  async #inheritedVolumes(
    predecessor: string | undefined,
    spec: ContainerSpec,
    signal: AbortSignal,
  ): Promise<Map<string, string>> {
    if (predecessor === undefined) return new Map();
    const volumes = anonymousVolumes(await this.#inspect(predecessor, signal));
    if (volumes.size === 0) return volumes;
    const image = await this.#inspectImage(spec.image, signal);
    const named = new Set(
      spec.mounts.filter((mount) => mount.type !== "volume" || mount.source !== "").map((mount) => mount.target),
    );
    const places = new Set([...spec.mounts.map((mount) => mount.target), ...Object.keys(image?.Config?.Volumes ?? {})]);
    return new Map([...volumes].filter(([target]) => places.has(target) && !named.has(target)));
  }

  async #links(spec: ContainerSpec, options: CreateOptions, signal: AbortSignal): Promise<string[]> {
    if (spec.links.length === 0) return [];
    const project = options.labels[composeLabel.project];
    const entries = await this.#snapshotCalls(signal).listContainers();
    return resolveLinks(
      spec.links,
      entries.filter((entry) => project && entry.Labels?.[composeLabel.project] === project),
    );
  }

  #inspectImage(reference: string, signal: AbortSignal): Promise<ApiImage | undefined> {
    return orGone(
      this.#call(
        `inspect image "${reference}"`,
        signal,
        ({ docker }) => docker.getImage(reference).inspect() as unknown as Promise<ApiImage>,
      ),
    );
  }

  #snapshotCalls(signal: AbortSignal): SnapshotCalls {
    return {
      listContainers: () =>
        this.#call(
          "list containers",
          signal,
          async ({ docker }, abortSignal) =>
            await docker.listContainers({ all: true, abortSignal }) as unknown as ApiContainerEntry[],
        ),
      listNetworks: () =>
        this.#call(
          "list networks",
          signal,
          async ({ docker }, abortSignal) =>
            await docker.listNetworks({ abortSignal } as object) as unknown as ApiNetwork[],
        ),
      listVolumes: () =>
        this.#call(
          "list volumes",
          signal,
          async ({ docker }, abortSignal) =>
            ((await docker.listVolumes({ abortSignal } as object)).Volumes ?? []) as unknown as ApiVolume[],
        ),
      listImages: () =>
        this.#call(
          "list images",
          signal,
          async ({ docker }, abortSignal) =>
            await docker.listImages({ abortSignal } as object) as unknown as ApiImageEntry[],
        ),
      inspectContainer: (id) => orGone(this.#inspect(id, signal)),
      inspectImage: (id) => this.#inspectImage(id, signal),
    };
  }
}

/** @returns false where the Engine answers 304: there was nothing to do */
async function unlessNotModified(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as { statusCode?: unknown }).statusCode === 304) return false;
    throw error;
  }
}

async function orGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "ENGINE_GONE") return undefined;
    throw error;
  }
}

function grace(seconds: number | undefined): { t?: number } {
  return seconds === undefined ? {} : { t: seconds };
}

function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
