import type {
  ContainerSpec,
  NetworkAttachment,
  NetworkSpec,
  Resources,
  RestartPolicy,
  VolumeSpec,
} from "../../src/model/container.ts";
import { HoldfastError } from "../../src/model/error.ts";
import { composeLabel } from "../../src/model/labels.ts";
import type { ContainerState, ImageDefaults, ObservedState } from "../../src/model/observed.ts";
import type { CreateOptions, Engine, ObserveScope, PullOptions } from "../../src/ports/engine.ts";
import { readBackResources } from "./fake-engine-readback.ts";
import { type Behaviour, type FakeContainer, FakeHost, gone, refused } from "./fake-host.ts";
import { observeFake } from "./fake-observe.ts";

export interface FakeEngineOptions {
  /** Called before every call does its work: may wait, or throw to make the call fail. */
  readonly onCall?: (call: FakeCall) => void | Promise<void>;
}

export interface FakeCall {
  readonly method: keyof Engine;
  /** What it works on: a name or an id; "" for `observe`. */
  readonly target: string;
}

export interface FakeImageOptions {
  readonly defaults?: Partial<ImageDefaults>;
  /** `runs` when absent. */
  readonly behaviour?: Behaviour;
}

/** Acts as somebody else on the host: by container name, without the port's checks. */
export interface FakeHostActor {
  /** A local image. @returns its id */
  addImage(reference: string, options?: FakeImageOptions): string;
  /** An image that can be pulled; again with the same reference: the tag moves. @returns its id */
  publishImage(reference: string, options?: FakeImageOptions): string;
  /** `docker rmi`: the tag is gone, containers keep the image. */
  removeImage(reference: string): void;
  addNetwork(spec: NetworkSpec, labels?: Readonly<Record<string, string>>): string;
  addVolume(spec: VolumeSpec, labels?: Readonly<Record<string, string>>): void;
  /** Even with containers on it. */
  removeNetwork(name: string): void;
  removeVolume(name: string): void;
  /** `docker run`. @returns the container's id */
  run(name: string, spec: ContainerSpec, labels?: Readonly<Record<string, string>>): string;
  /** The process ends. */
  exit(name: string, exitCode?: number): void;
  start(name: string): void;
  pause(name: string): void;
  remove(name: string): void;
  rename(name: string, to: string): void;
  update(name: string, change: { readonly resources?: Resources; readonly restart?: RestartPolicy }): void;
  setHealth(name: string, health: ContainerState["health"]): void;
  connect(name: string, attachment: NetworkAttachment): void;
  disconnect(name: string, network: string): void;
  setLog(name: string, lines: readonly string[]): void;
  /** Id → name of every container. */
  names(): ReadonlyMap<string, string>;
  /** Target → name of its anonymous volumes. */
  anonymousVolumes(name: string): Readonly<Record<string, string>>;
  hasVolume(name: string): boolean;
  /** A host path that binds need is gone; `false` brings it back. */
  losePath(path: string, lost?: boolean): void;
  /** Another program holds a port: `443/tcp`. */
  takePort(port: string): void;
  freePort(port: string): void;
  /** The event stream breaks: every watcher is told. */
  interruptEvents(): void;
}

export interface FakeEngine extends Engine {
  /** Every call of the port, in order. */
  readonly calls: readonly FakeCall[];
  readonly host: FakeHostActor;
}

const neverAt = "0001-01-01T00:00:00Z";
const created: ContainerState = {
  status: "created",
  health: "none",
  exitCode: 0,
  oomKilled: false,
  error: "",
  startedAt: neverAt,
  finishedAt: neverAt,
  restartCount: 0,
};

/** An Engine in memory, with the behaviour of a real one that plans and their application depend on. */
export function fakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const host = new FakeHost();
  const calls: FakeCall[] = [];

  /** What every call does first, in the order of a real one: it is seen, it may fail, it ends with its signal. */
  const begin = async (method: keyof Engine, target: string, signal: AbortSignal): Promise<void> => {
    endIfAborted(signal);
    calls.push({ method, target });
    await options.onCall?.({ method, target });
    await Promise.resolve();
    endIfAborted(signal);
  };

  return {
    calls,
    host: hostActor(host),
    async observe(scope: ObserveScope, signal) {
      await begin("observe", "", signal);
      return observeFake(host, scope) as ObservedState;
    },
    async pullImage(image: string, pull: PullOptions, signal) {
      await begin("pullImage", image, signal);
      const found = host.registry.get(image);
      if (!found) {
        throw new HoldfastError("IMAGE_PULL", `Cannot pull "${image}": manifest unknown`, {
          retry: "backoff",
          hint: "check the tag, and that the registry has it",
        });
      }
      pull.onProgress?.("downloaded");
      host.images.set(found.id, found);
      host.tags.set(image, found.id);
    },
    async createNetwork(spec, labels, signal) {
      await begin("createNetwork", spec.name, signal);
      if ([...host.networks.values()].some((network) => network.spec.name === spec.name)) {
        throw refused(`network with name ${spec.name} already exists`);
      }
      return addNetwork(host, spec, labels);
    },
    async removeNetwork(id, signal) {
      await begin("removeNetwork", id, signal);
      const network = host.network(id);
      const user = runningOn(host, network.spec.name)[0];
      if (user) {
        throw refused(`error while removing network: network ${network.spec.name} has active endpoints (${user.name})`);
      }
      host.networks.delete(network.spec.name);
      host.tell("network", `destroy ${network.spec.name}`, network.labels);
    },
    async connectNetwork(ref, containerId, attachment, signal) {
      await begin("connectNetwork", ref, signal);
      connect(host, host.container(containerId), { ...attachment, name: host.network(ref).spec.name });
    },
    async disconnectNetwork(ref, containerId, signal) {
      await begin("disconnectNetwork", ref, signal);
      disconnect(host, host.container(containerId), host.network(ref).spec.name);
    },
    async createVolume(spec, labels, signal) {
      await begin("createVolume", spec.name, signal);
      addVolume(host, spec, labels);
    },
    async createContainer(name, spec, create, signal) {
      await begin("createContainer", name, signal);
      return createContainer(host, name, spec, create).id;
    },
    async renameContainer(id, name, signal) {
      await begin("renameContainer", id, signal);
      rename(host, host.container(id), name);
    },
    async updateContainer(id, change, signal) {
      await begin("updateContainer", id, signal);
      update(host, host.container(id), change);
    },
    async startContainer(id, signal) {
      await begin("startContainer", id, signal);
      return start(host, host.container(id));
    },
    async stopContainer(id, _graceSeconds, signal) {
      await begin("stopContainer", id, signal);
      return stop(host, host.container(id), 0);
    },
    async restartContainer(id, _graceSeconds, signal) {
      await begin("restartContainer", id, signal);
      const container = host.container(id);
      stop(host, container, 0);
      start(host, container);
    },
    async unpauseContainer(id, signal) {
      await begin("unpauseContainer", id, signal);
      const container = host.container(id);
      if (container.state.status !== "paused") throw refused(`Container ${id} is not paused`);
      host.setState(container, { status: "running" }, "unpause");
    },
    async removeContainer(id, signal) {
      await begin("removeContainer", id, signal);
      const container = host.container(id);
      if (isUp(container)) {
        throw refused(`You cannot remove a running container ${id}. Stop the container before attempting removal`);
      }
      remove(host, container);
    },
    async inspectState(id, signal) {
      await begin("inspectState", id, signal);
      const container = host.container(id);
      const seen = container.state;
      if (seen.health === "starting") becomeHealthy(host, container); // as its first check would, after this look
      return seen;
    },
    async tailLog(id, lines, signal) {
      await begin("tailLog", id, signal);
      return host.container(id).log.slice(-lines);
    },
    async watch(project, onChange, signal) {
      await begin("watch", project, signal);
      await watch(host, project, onChange, signal);
    },
  };
}

function endIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  if (signal.reason instanceof HoldfastError) throw signal.reason;
  throw new HoldfastError("CANCELLED", "Cannot go on: cancelled", {
    retry: "backoff",
    hint: "start it again",
    cause: signal.reason,
  });
}

function isUp({ state }: FakeContainer): boolean {
  return state.status === "running" || state.status === "paused" || state.status === "restarting";
}

function runningOn(host: FakeHost, network: string): FakeContainer[] {
  return [...host.containers.values()].filter((c) => isUp(c) && c.spec.networks.some(({ name }) => name === network));
}

function addNetwork(host: FakeHost, spec: NetworkSpec, labels: Readonly<Record<string, string>>): string {
  const id = host.nextId();
  host.networks.set(spec.name, { id, spec, labels: { ...spec.labels, ...labels } });
  host.tell("network", `create ${spec.name}`, labels);
  return id;
}

function addVolume(host: FakeHost, spec: VolumeSpec, labels: Readonly<Record<string, string>>): void {
  if (host.volumes.has(spec.name)) return;
  host.volumes.set(spec.name, { spec, labels: { ...spec.labels, ...labels } });
  host.tell("volume", `create ${spec.name}`, labels);
}

function createContainer(host: FakeHost, name: string, spec: ContainerSpec, options: CreateOptions): FakeContainer {
  host.checkName(name);
  const image = host.image(spec.image);
  const predecessor = options.volumesOf === undefined ? undefined : host.container(options.volumesOf);
  const lost = spec.mounts.find((mount) =>
    mount.type === "bind" && !mount.createHostPath && host.missingPaths.has(mount.source)
  );
  if (lost) throw refused(`invalid mount config for type "bind": bind source path does not exist: ${lost.source}`);
  const anonymous = new Map<string, string>();
  const unnamed = spec.mounts.filter((mount) => mount.type === "volume" && mount.source === "").map((mount) =>
    mount.target
  );
  for (
    const target of new Set([
      ...unnamed,
      ...image.defaults.volumes.filter((v) => !spec.mounts.some((m) => m.target === v)),
    ])
  ) {
    const volume = predecessor?.anonymous.get(target) ?? host.nextId();
    anonymous.set(target, volume);
    addVolume(host, { name: volume, driverOptions: {}, labels: {} }, {});
  }
  for (const mount of spec.mounts) {
    if (mount.type === "volume" && mount.source) {
      addVolume(host, { name: mount.source, driverOptions: {}, labels: {} }, {});
    }
  }
  const labels = { ...image.defaults.labels, ...spec.labels, ...options.labels };
  const container = {
    id: host.nextId(),
    name,
    image,
    spec,
    labels,
    state: created,
    createdAt: host.now(),
    anonymous,
    log: [],
  };
  host.containers.set(container.id, container);
  host.tell("container", `create ${name}`, labels);
  return container;
}

function start(host: FakeHost, container: FakeContainer): boolean {
  if (container.state.status === "running" || container.state.status === "restarting") return false;
  if (container.state.status === "paused") throw refused("cannot start a paused container, try unpause instead");
  const { spec, image } = container;
  const lost = spec.mounts.find((mount) =>
    mount.type === "bind" && !mount.createHostPath && host.missingPaths.has(mount.source)
  );
  if (lost) throw failedStart(host, container, `bind source path does not exist: ${lost.source}`);
  for (const { name } of spec.networks) host.network(name);
  try {
    host.checkPorts(container, spec.networks);
  } catch (error) {
    throw failedStart(host, container, (error as Error).message.replace(/^Cannot do this on the Engine: /, ""));
  }
  const behaviour = image.behaviour;
  if (behaviour.kind === "fails") throw failedStart(host, container, behaviour.message);
  const checked = spec.healthcheck ?? image.defaults.healthcheck;
  const health = checked && checked.test[0] !== "NONE" ? "starting" : "none";
  host.setState(container, { status: "running", health, exitCode: 0, error: "", startedAt: host.now() }, "start");
  if (behaviour.kind === "exits") {
    container.log = [...container.log, ...(behaviour.log ?? [])];
    processEnds(host, container, behaviour.exitCode);
  }
  return true;
}

function failedStart(host: FakeHost, container: FakeContainer, message: string): HoldfastError {
  host.setState(container, { exitCode: 128, error: message }, "die");
  return refused(message);
}

/** The process ends by itself: the restart policy decides what follows. */
function processEnds(host: FakeHost, container: FakeContainer, exitCode: number): void {
  const { name } = container.spec.restart;
  const again = name === "always" || name === "unless-stopped" || (name === "on-failure" && exitCode !== 0);
  const restartCount = container.state.restartCount + (again ? 1 : 0);
  const status = again ? "restarting" : "exited";
  host.setState(container, { status, health: "none", exitCode, finishedAt: host.now(), restartCount }, "die");
}

function becomeHealthy(host: FakeHost, container: FakeContainer): void {
  const behaviour = container.image.behaviour;
  const health = behaviour.kind === "runs" && behaviour.health === "unhealthy" ? "unhealthy" : "healthy";
  host.setState(container, { health }, `health_status: ${health}`);
}

function stop(host: FakeHost, container: FakeContainer, exitCode: number): boolean {
  if (!isUp(container)) return false;
  host.setState(container, { status: "exited", health: "none", exitCode, finishedAt: host.now() }, "die");
  return true;
}

function remove(host: FakeHost, container: FakeContainer): void {
  host.containers.delete(container.id);
  const inUse = new Set([...host.containers.values()].flatMap((other) => [...other.anonymous.values()]));
  for (const volume of container.anonymous.values()) if (!inUse.has(volume)) host.volumes.delete(volume);
  host.tell("container", `destroy ${container.name}`, container.labels);
}

function rename(host: FakeHost, container: FakeContainer, name: string): void {
  host.checkName(name);
  container.name = name;
  host.tell("container", `rename ${name}`, container.labels);
}

function update(
  host: FakeHost,
  container: FakeContainer,
  change: { resources?: Resources; restart?: RestartPolicy },
): void {
  const { spec } = container;
  const asked = Object.fromEntries(
    Object.entries(change.resources ?? {}).filter(([, value]) => value !== undefined && value !== 0),
  );
  const swap = asked.memoryBytes !== undefined && asked.memorySwapBytes === undefined
    ? { memorySwapBytes: undefined }
    : {};
  container.spec = {
    ...spec,
    resources: readBackResources({ ...spec.resources, ...swap, ...asked }),
    restart: change.restart ?? spec.restart,
  };
  host.tell("container", `update ${container.name}`, container.labels);
}

function connect(host: FakeHost, container: FakeContainer, attachment: NetworkAttachment): void {
  if (container.spec.networks.some(({ name }) => name === attachment.name)) {
    throw refused(`endpoint with name ${container.name} already exists in network ${attachment.name}`);
  }
  if (isUp(container)) host.checkPorts(container, [...container.spec.networks, attachment]);
  host.attachments(container, (before) => [...before, attachment]);
  if (isUp(container)) host.tell("network", `connect ${attachment.name}`, container.labels);
}

function disconnect(host: FakeHost, container: FakeContainer, network: string): void {
  if (!container.spec.networks.some(({ name }) => name === network)) {
    throw refused(`container ${container.id} is not connected to network ${network}`);
  }
  host.attachments(container, (before) => before.filter(({ name }) => name !== network));
  if (isUp(container)) host.tell("network", `disconnect ${network}`, container.labels);
}

function watch(host: FakeHost, project: string, onChange: (what: string) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const watcher = (type: string, what: string, labels: Readonly<Record<string, string>>) => {
      const ours = type !== "container" || labels[composeLabel.project] === project;
      if (ours) queueMicrotask(() => !signal.aborted && onChange(`${type} ${what}`));
    };
    host.watchers.add(watcher);
    signal.addEventListener("abort", () => {
      host.watchers.delete(watcher);
      resolve();
    }, { once: true });
  });
}

function hostActor(host: FakeHost): FakeHostActor {
  const image = (options: FakeImageOptions = {}) => ({
    id: `sha256:${host.nextId()}`,
    behaviour: options.behaviour ?? { kind: "runs" as const },
    defaults: { ...noDefaults, ...options.defaults },
  });
  return {
    addImage(reference, options) {
      const added = image(options);
      host.images.set(added.id, added);
      host.tags.set(reference, added.id);
      host.tell("image", `tag ${reference}`, {});
      return added.id;
    },
    publishImage(reference, options) {
      const published = image(options);
      host.registry.set(reference, published);
      return published.id;
    },
    removeImage(reference) {
      if (!host.tags.delete(reference)) throw gone(`No such image: ${reference}`);
      host.tell("image", `untag ${reference}`, {});
    },
    addNetwork: (spec, labels = {}) => addNetwork(host, spec, labels),
    addVolume: (spec, labels = {}) => addVolume(host, spec, labels),
    removeNetwork(name) {
      const network = host.network(name);
      for (const container of runningOn(host, name)) disconnect(host, container, name);
      host.networks.delete(network.spec.name);
      host.tell("network", `destroy ${name}`, network.labels);
    },
    removeVolume(name) {
      const volume = host.volumes.get(name);
      if (!volume) throw gone(`get ${name}: no such volume`);
      host.volumes.delete(name);
      host.tell("volume", `destroy ${name}`, volume.labels);
    },
    run(name, spec, labels = {}) {
      const container = createContainer(host, name, spec, { labels });
      start(host, container);
      return container.id;
    },
    exit: (name, exitCode = 137) => void stop(host, host.container(name), exitCode),
    start: (name) => void start(host, host.container(name)),
    pause: (name) => host.setState(host.container(name), { status: "paused" }, "pause"),
    remove: (name) => remove(host, host.container(name)),
    rename: (name, to) => rename(host, host.container(name), to),
    update: (name, change) => update(host, host.container(name), change),
    setHealth: (name, health) => host.setState(host.container(name), { health }, `health_status: ${health}`),
    connect: (name, attachment) => connect(host, host.container(name), attachment),
    disconnect: (name, network) => disconnect(host, host.container(name), network),
    setLog: (name, lines) => void (host.container(name).log = lines),
    names: () => new Map([...host.containers.values()].map((container) => [container.id, container.name])),
    anonymousVolumes: (name) => Object.fromEntries([...host.container(name).anonymous].sort()),
    hasVolume: (name) => host.volumes.has(name),
    losePath: (path, lost = true) => void (lost ? host.missingPaths.add(path) : host.missingPaths.delete(path)),
    takePort: (port) => void host.takenPorts.set(port, "another program"),
    freePort: (port) => void host.takenPorts.delete(port),
    interruptEvents: () => {
      for (const watcher of host.watchers) watcher("events", "interrupted", {});
    },
  };
}

const noDefaults: ImageDefaults = {
  command: ["sleep", "infinity"],
  entrypoint: [],
  environment: { PATH: "/usr/bin:/bin" },
  labels: {},
  exposedPorts: [],
  volumes: [],
  user: "",
  workingDir: "",
  stopSignal: "",
};
