import { createHash } from "node:crypto";
import type { ContainerSpec } from "../model/container.ts";
import type { DesiredService } from "../model/desired.ts";
import { composeLabel } from "../model/labels.ts";
import type { ContainerRef, CreateContainer, Labels } from "./step.ts";

/** The first container of each service that was planned so far: existing, or to be created by a step. */
export type Peers = ReadonlyMap<string, ContainerRef>;

/** Services whose namespaces or volumes this one shares: `network_mode`, `ipc`, `pid` and `volumes_from`. */
export function sharedServices(spec: ContainerSpec): string[] {
  const modes = [spec.networkMode, spec.ipc, spec.pid].filter((mode) => mode?.startsWith("service:"));
  const volumes = spec.volumesFrom.filter((from) => !from.startsWith("container:")).map((from) =>
    from.split(":")[0] ?? ""
  );
  return [...new Set([...modes.map((mode) => mode!.slice("service:".length)), ...volumes])].sort();
}

/** A shared service that gets a new container in this plan: whoever shares with the old one has to be created again. */
export function replacedPeer(service: DesiredService, peers: Peers): string | undefined {
  return sharedServices(service.spec).find((key) => {
    const peer = peers.get(key);
    return peer !== undefined && "created" in peer;
  });
}

/** The spec with `service:KEY` said as the Engine says it, `container:ID`, where the container exists. */
export function resolvePeers(spec: ContainerSpec, peers: Peers): ContainerSpec {
  return withPeerIds(spec, (key) => {
    const peer = peers.get(key);
    return peer && "id" in peer ? peer.id : undefined;
  });
}

/** The spec with the ids of containers for the services that it names in namespaces and volumes. */
export function withPeerIds(spec: ContainerSpec, idOf: (key: string) => string | undefined): ContainerSpec {
  const resolve = (mode: string | undefined): string | undefined => {
    const id = mode?.startsWith("service:") ? idOf(mode.slice("service:".length)) : undefined;
    return id === undefined ? mode : `container:${id}`;
  };
  const volumesFrom = spec.volumesFrom.map((from) => {
    if (from.startsWith("container:")) return from;
    const [key = "", ...rest] = from.split(":");
    return [idOf(key) ?? key, ...rest].join(":");
  });
  return {
    ...spec,
    networkMode: resolve(spec.networkMode),
    ipc: resolve(spec.ipc),
    pid: resolve(spec.pid),
    volumesFrom,
  };
}

/** The labels of a creation; Compose's `config-hash` is made of the ids of the containers that the new one shares with. */
export function labelsWithPeers(
  { labels, sharedConfig }: Pick<CreateContainer, "labels" | "sharedConfig">,
  idOf: (key: string) => string | undefined,
): Labels {
  if (!sharedConfig) return labels;
  const parts = sharedConfig.map((part) =>
    typeof part === "string" ? part : idOf(part.containerOf) ?? part.containerOf
  );
  return { ...labels, [composeLabel.configHash]: createHash("sha256").update(parts.join("")).digest("hex") };
}
