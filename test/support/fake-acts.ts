import type {
  ContainerSpec,
  NetworkAttachment,
  NetworkSpec,
  Resources,
  RestartPolicy,
  VolumeSpec,
} from "../../src/model/container.ts";
import type { HoldfastError } from "../../src/model/error.ts";
import type { ContainerState } from "../../src/model/observed.ts";
import type { CreateOptions } from "../../src/ports/engine.ts";
import { readBackResources } from "./fake-readback.ts";
import { type FakeContainer, type FakeHost, type FakeNetwork, gone, refused } from "./fake-host.ts";

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

export function isUp({ state }: FakeContainer): boolean {
  return state.status === "running" || state.status === "paused" || state.status === "restarting";
}

export function runningOn(host: FakeHost, network: string): FakeContainer[] {
  return [...host.containers.values()].filter((c) => isUp(c) && c.spec.networks.some(({ name }) => name === network));
}

export function addNetwork(host: FakeHost, spec: NetworkSpec, labels: Readonly<Record<string, string>>): string {
  const id = host.nextId();
  host.networks.set(spec.name, { id, spec, labels: { ...spec.labels, ...labels } });
  host.tell("network", `create ${spec.name}`, labels);
  return id;
}

/** Running containers leave it; stopped ones keep an endpoint that leads nowhere. */
export function removeNetwork(host: FakeHost, { spec, labels }: FakeNetwork): void {
  for (const container of host.containers.values()) {
    if (!container.spec.networks.some(({ name }) => name === spec.name)) continue;
    disconnect(host, container, spec.name);
    if (!isUp(container)) container.stale.add(spec.name);
  }
  host.networks.delete(spec.name);
  host.tell("network", `destroy ${spec.name}`, labels);
}

export function addVolume(host: FakeHost, spec: VolumeSpec, labels: Readonly<Record<string, string>>): void {
  if (host.volumes.has(spec.name)) return;
  host.volumes.set(spec.name, { spec, labels: { ...spec.labels, ...labels } });
  host.tell("volume", `create ${spec.name}`, labels);
}

export function createContainer(
  host: FakeHost,
  name: string,
  spec: ContainerSpec,
  options: CreateOptions,
): FakeContainer {
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
  const ofImage = options.imageIdLabel === undefined ? {} : { [options.imageIdLabel]: image.id };
  const labels = { ...image.defaults.labels, ...spec.labels, ...options.labels, ...ofImage };
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
    stale: new Set<string>(),
  };
  host.containers.set(container.id, container);
  host.tell("container", `create ${name}`, labels);
  return container;
}

export function start(host: FakeHost, container: FakeContainer): boolean {
  if (container.state.status === "running" || container.state.status === "restarting") return false;
  if (container.state.status === "paused") throw refused("cannot start a paused container, try unpause instead");
  const { spec, image } = container;
  const lost = spec.mounts.find((mount) =>
    mount.type === "bind" && !mount.createHostPath && host.missingPaths.has(mount.source)
  );
  if (lost) throw failedStart(host, container, `bind source path does not exist: ${lost.source}`);
  for (const name of [...container.stale, ...spec.networks.map((network) => network.name)]) {
    if (container.stale.has(name)) throw gone(`network ${name} not found`);
    host.network(name);
  }
  try {
    host.checkPorts(container, spec.networks);
  } catch (error) {
    failedStart(host, container, (error as Error).message.replace(/^Cannot do this on the Engine: /, ""));
    throw error;
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

export function becomeHealthy(host: FakeHost, container: FakeContainer): void {
  const behaviour = container.image.behaviour;
  const health = behaviour.kind === "runs" && behaviour.health === "unhealthy" ? "unhealthy" : "healthy";
  host.setState(container, { health }, `health_status: ${health}`);
}

export function stop(host: FakeHost, container: FakeContainer, exitCode: number): boolean {
  if (!isUp(container)) return false;
  host.setState(container, { status: "exited", health: "none", exitCode, finishedAt: host.now() }, "die");
  return true;
}

export function remove(host: FakeHost, container: FakeContainer): void {
  host.containers.delete(container.id);
  const inUse = new Set([...host.containers.values()].flatMap((other) => [...other.anonymous.values()]));
  for (const volume of container.anonymous.values()) if (!inUse.has(volume)) host.volumes.delete(volume);
  host.tell("container", `destroy ${container.name}`, container.labels);
}

export function rename(host: FakeHost, container: FakeContainer, name: string): void {
  host.checkName(name);
  container.name = name;
  host.tell("container", `rename ${name}`, container.labels);
}

export function update(
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

export function connect(host: FakeHost, container: FakeContainer, attachment: NetworkAttachment): void {
  if (container.spec.networks.some(({ name }) => name === attachment.name)) {
    throw refused(`endpoint with name ${container.name} already exists in network ${attachment.name}`);
  }
  if (isUp(container)) host.checkPorts(container, [...container.spec.networks, attachment]);
  container.stale.delete(attachment.name);
  host.attachments(container, (before) => [...before, attachment]);
  if (isUp(container)) host.tell("network", `connect ${attachment.name}`, container.labels);
}

export function disconnect(host: FakeHost, container: FakeContainer, network: string): void {
  if (!container.spec.networks.some(({ name }) => name === network)) {
    throw refused(`container ${container.id} is not connected to network ${network}`);
  }
  host.attachments(container, (before) => before.filter(({ name }) => name !== network));
  if (isUp(container)) host.tell("network", `disconnect ${network}`, container.labels);
}
