import { HoldfastError } from "../../src/model/error.ts";
import { composeLabel } from "../../src/model/labels.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import type { Engine, ObserveScope, PullOptions } from "../../src/ports/engine.ts";
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
} from "./fake-acts.ts";
import { type FakeHostActor, hostActor } from "./fake-actor.ts";
import { FakeHost, refused } from "./fake-host.ts";
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

export interface FakeEngine extends Engine {
  /** Every call of the port, in order. */
  readonly calls: readonly FakeCall[];
  readonly host: FakeHostActor;
}

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
      removeNetwork(host, network);
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
