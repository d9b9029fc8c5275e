import type {
  ContainerSpec,
  NetworkAttachment,
  NetworkSpec,
  Resources,
  RestartPolicy,
  VolumeSpec,
} from "../../src/model/container.ts";
import type { ContainerState, ImageDefaults } from "../../src/model/observed.ts";
import {
  addNetwork,
  addVolume,
  connect,
  createContainer,
  disconnect,
  remove,
  removeNetwork,
  rename,
  start,
  stop,
  update,
} from "./fake-acts.ts";
import { type Behaviour, type FakeHost, gone } from "./fake-host.ts";

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

export function hostActor(host: FakeHost): FakeHostActor {
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
    removeNetwork: (name) => removeNetwork(host, host.network(name)),
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
