import type { DesiredState } from "../../src/model/desired.ts";
import { composeLabel } from "../../src/model/labels.ts";
import { slotsOf } from "../../src/plan/slots.ts";
import {
  connect,
  createContainer,
  disconnect,
  isUp,
  remove,
  removeNetwork,
  rename,
  start,
  stop,
  update,
} from "../support/fake-acts.ts";
import { hostActor } from "../support/fake-actor.ts";
import { minimalSpec } from "../support/container-spec.ts";
import type { FakeContainer, FakeHost } from "../support/fake-host.ts";
import type { Act } from "./_worlds.ts";

/** Somebody else does this, as far as the Engine lets them. */
export function actOnHost(host: FakeHost, act: Act, desired: DesiredState): void {
  try {
    onContainer(host, act);
    beside(host, act, desired);
  } catch (error) {
    if ((error as { readonly code?: string }).code === undefined) throw error; // a refusal of the fake Engine has one
  }
}

function onContainer(host: FakeHost, { kind, target, other }: Act): void {
  const container = pick([...host.containers.values()].filter(({ labels }) => labels[composeLabel.project]), target);
  if (!container) return;
  const up = isUp(container);
  switch (kind) {
    case "exit":
      return void stop(host, container, 137);
    case "complete":
      return void stop(host, container, 0);
    case "pause":
      return container.state.status === "running" ? host.setState(container, { status: "paused" }, "pause") : undefined;
    case "remove":
      return remove(host, container);
    case "rename":
      return rename(host, container, `renamed-${other}`);
    case "disconnect": {
      const network = pick(container.spec.networks, other);
      return network && up ? disconnect(host, container, network.name) : undefined;
    }
    case "connect": {
      const name = pick([...host.networks.keys()], other);
      if (!name || !up || container.spec.networkMode !== undefined) return;
      return connect(host, container, { key: name, name, aliases: [], linkLocalIps: [], driverOptions: {} });
    }
    case "update":
      return update(
        host,
        container,
        other % 2 === 0 ? { restart: { name: "unless-stopped" } } : { resources: { memoryBytes: 1 << 27 } },
      );
    case "unhealthy":
    case "healthy":
      return container.state.health !== "none" && up
        ? host.setState(container, { health: kind }, "health_status")
        : undefined;
    case "restarting":
      return up ? host.setState(container, { status: "restarting", restartCount: 3 }, "die") : undefined;
    case "dead":
    case "removing":
      stop(host, container, 137);
      return host.setState(container, { status: kind }, "die");
    case "never-started":
      return up ? undefined : host.setState(container, { status: "created" }, "create");
    case "copy-of-service":
      return copy(host, container, other);
    default:
      return;
  }
}

/** A second container with the labels of a service, as a scaled one of Compose's: of the same number, or of the next. */
function copy(host: FakeHost, { name, spec, labels }: FakeContainer, other: number): void {
  const number = other % 2 === 0 ? labels[composeLabel.containerNumber]! : "2";
  const copied = { ...spec, ports: [] };
  const made = createContainer(host, `${name}-copy`, copied, {
    labels: { ...labels, [composeLabel.containerNumber]: number },
  });
  start(host, made);
}

function beside(host: FakeHost, { kind, target, other }: Act, desired: DesiredState): void {
  const actor = hostActor(host);
  const networks = [...host.networks.values()].filter(({ labels }) => labels[composeLabel.project]);
  const strange = (
    name: string,
    spec: Parameters<typeof minimalSpec>[1],
    labels: Record<string, string> = {},
  ): void => {
    if (!host.tags.has("strange:1")) actor.addImage("strange:1");
    actor.run(name, minimalSpec("strange:1", spec), labels);
  };
  const onNetwork = networks.length === 0 ? [] : [attachmentTo(pick(networks, other)!.spec.name)];
  const project = { [composeLabel.project]: desired.project };
  switch (kind) {
    case "untag":
      return void host.tags.delete(pick([...host.tags.keys()].sort(), target) ?? "");
    case "move-tag": {
      const tag = pick([...host.tags.keys()].filter((name) => name.startsWith("app:")).sort(), target);
      if (tag === undefined) return;
      actor.addImage(tag);
      return void host.registry.set(tag, host.image(tag)); // somebody pulled it
    }
    case "drop-network":
      return networks.length === 0 ? undefined : removeNetwork(host, pick(networks, target)!);
    case "other-network": {
      const network = pick(networks, target);
      if (network) {
        host.networks.set(network.spec.name, {
          ...network,
          spec: { ...network.spec, attachable: !network.spec.attachable },
        });
      }
      return;
    }
    case "drop-volume": {
      const used = new Set(
        [...host.containers.values()].flatMap(({ spec }) => spec.mounts.map(({ source }) => source)),
      );
      return void host.volumes.delete(
        pick([...host.volumes.keys()].filter((name) => !used.has(name)).sort(), target) ?? "",
      );
    }
    case "one-off":
      return strange(`demo-run-${other}`, { networks: onNetwork }, {
        ...project,
        [composeLabel.service]: pick([...desired.services.keys()], target) ?? "web",
        [composeLabel.oneoff]: "True",
      });
    case "by-hand":
      return strange(`by-hand-${other}`, { networks: onNetwork }, { ...project, [composeLabel.service]: "other" });
    case "stranger-on-network":
      return strange(`stranger-${other}`, { networks: onNetwork });
    case "stranger-with-name": {
      const slot = pick(
        // Not that of a job: of its replicas nothing is remembered without the first.
        [...desired.services.values()].filter(({ spec }) => !spec.image.startsWith("job:"))
          .flatMap((service) => slotsOf(service, [])),
        target,
      );
      return slot && strange(slot.name, {});
    }
    case "stranger-with-port":
      return strange(`publisher-${other}`, {
        ports: [{ target: 80, protocol: "tcp", hostIp: "", published: String(8000 + target % 4) }],
      });
    default:
      return;
  }
}

function attachmentTo(name: string) {
  return { key: name, name, aliases: [], linkLocalIps: [], driverOptions: {} };
}

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[at % items.length];
}
