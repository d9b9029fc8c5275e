import { labelsWithPeers, withPeerIds } from "../../src/plan/peers.ts";
import type { ContainerRef, Step } from "../../src/plan/step.ts";
import {
  addNetwork,
  addVolume,
  becomeHealthy,
  connect,
  createContainer,
  disconnect,
  isUp,
  remove,
  removeNetwork,
  rename,
  runningOn,
  start,
  stop,
  update,
} from "../support/fake-acts.ts";
import type { FakeContainer, FakeHost } from "../support/fake-host.ts";

/**
 * An Engine on which everything succeeds that a real one allows: programs run, checks pass, pulls find their image. What
 * a real one refuses is thrown, and so is what it would take although the plan had promised otherwise: a creation before
 * its networks and volumes are there makes them anonymous, or finds them by chance.
 */
export class PerfectEngine {
  readonly host: FakeHost;
  readonly #created = new Map<string, string>();

  constructor(host: FakeHost) {
    this.host = host;
  }

  /** @throws Error in the words of what was not in place */
  perform(step: Step): void {
    const { host } = this;
    switch (step.kind) { // no default: a forgotten variant does not compile
      case "image.pull":
        return this.#pull(step.image);
      case "network.create":
        if ([...host.networks.values()].some((network) => network.spec.name === step.spec.name)) {
          throw new Error(`network ${step.spec.name} exists`);
        }
        return void addNetwork(host, step.spec, step.labels);
      case "network.remove": {
        const network = host.network(step.networkId);
        const user = runningOn(host, network.spec.name)[0];
        if (user) throw new Error(`network ${network.spec.name} has active endpoints (${user.name})`);
        return removeNetwork(host, network);
      }
      case "network.connect":
        host.network(step.network);
        return connect(host, this.#container(step.container), step.attachment);
      case "network.disconnect":
        return disconnect(host, this.#container(step.container), step.network);
      case "volume.create":
        return addVolume(host, step.spec, step.labels);
      case "files.switch":
        return;
      case "container.create":
        return this.#create(step);
      case "container.rename":
        return rename(host, this.#container(step.container), step.name);
      case "container.update":
        return update(host, this.#container(step.container), step);
      case "container.start":
        return this.#start(this.#container(step.container));
      case "container.stop":
        return void stop(host, this.#container(step.container), 0);
      case "container.restart": {
        const container = this.#container(step.container);
        stop(host, container, 0);
        return this.#start(container);
      }
      case "container.unpause": {
        const container = this.#container(step.container);
        if (container.state.status !== "paused") throw new Error(`container ${container.name} is not paused`);
        return host.setState(container, { status: "running" }, "unpause");
      }
      case "container.remove": {
        const container = this.#container(step.container);
        if (isUp(container)) throw new Error(`cannot remove ${container.name}: it is ${container.state.status}`);
        return remove(host, container);
      }
      case "container.wait":
        return this.#wait(this.#container(step.container), step.until);
    }
  }

  /** What happens by itself before the next pass looks. */
  passTime(): void {
    for (const container of [...this.host.containers.values()]) {
      if (container.state.status === "removing") remove(this.host, container);
      if (container.state.health === "starting") becomeHealthy(this.host, container);
    }
  }

  #pull(image: string): void {
    const published = this.host.registry.get(image) ?? this.host.images.get(this.host.tags.get(image) ?? "");
    if (!published) throw new Error(`cannot pull ${image}`);
    this.host.images.set(published.id, published);
    this.host.tags.set(image, published.id);
  }

  #create(step: Extract<Step, { kind: "container.create" }>): void {
    const { host } = this;
    const peerId = (key: string): string | undefined => step.peers[key] && this.#container(step.peers[key]).id;
    const spec = withPeerIds(step.spec, peerId);
    for (const { name } of spec.networks) host.network(name);
    for (const { type, source } of spec.mounts) {
      if (type === "volume" && source !== "" && !host.volumes.has(source)) throw new Error(`no volume ${source}`);
    }
    for (const id of sharedIds(spec)) host.container(id);
    const { imageIdLabel, volumesOf } = step;
    const options = { labels: labelsWithPeers(step, peerId), imageIdLabel, volumesOf };
    this.#created.set(step.id, createContainer(host, step.name, spec, options).id);
  }

  #start(container: FakeContainer): void {
    for (const id of sharedIds(container.spec)) {
      const peer = this.host.container(id);
      if (!isUp(peer)) throw new Error(`cannot join the namespace of ${peer.name}: it is ${peer.state.status}`);
    }
    start(this.host, container);
  }

  #wait(container: FakeContainer, until: "healthy" | "completed"): void {
    const { state } = container;
    if (until === "completed") {
      if (isUp(container)) stop(this.host, container, 0);
      if (container.state.status === "exited" && container.state.exitCode === 0) return;
      throw new Error(`${container.name} is ${container.state.status} and does not complete`);
    }
    if (!isUp(container)) throw new Error(`${container.name} is ${state.status} and does not become healthy`);
    if (state.health === "none") throw new Error(`${container.name} has no health check`);
    this.host.setState(container, { status: "running", health: "healthy" }, "health_status: healthy");
  }

  #container(ref: ContainerRef): FakeContainer {
    const id = "id" in ref ? ref.id : this.#created.get(ref.created);
    if (id === undefined) throw new Error(`nothing was created by "${"created" in ref ? ref.created : ""}"`);
    return this.host.container(id);
  }
}

/** Containers whose network, IPC or process namespace it joins. */
function sharedIds({ networkMode, ipc, pid }: FakeContainer["spec"]): readonly string[] {
  const modes = [networkMode, ipc, pid].filter((mode) => mode?.startsWith("container:"));
  return modes.map((mode) => mode!.slice("container:".length));
}
