import { composeLabel } from "../../model/labels.ts";
import type { ApiContainer, ApiContainerEntry, ApiNetwork, Maybe } from "./api.ts";

/** The other containers and networks of the host, as far as a container names them. */
export interface Surroundings {
  readonly containers: ReadonlyMap<string, Peer>;
  readonly networks: {
    readonly byId: ReadonlyMap<string, NamedNetwork>;
    readonly byName: ReadonlyMap<string, NamedNetwork>;
  };
}

export interface Peer {
  readonly name: string;
  /** Key of its service, if it belongs to the project. */
  readonly service?: string;
}

export interface NamedNetwork {
  readonly name: string;
  /** Compose's key, where the network is the project's; else its name. */
  readonly key: string;
}

/** What a container refers to by id, in the words of the project: other containers by service, networks by key. */
export function surroundings(
  project: string,
  containers: readonly ApiContainerEntry[],
  networks: readonly ApiNetwork[],
): Surroundings {
  const named = networks.map((network) => {
    const { [composeLabel.project]: owner, [composeLabel.network]: key } = network.Labels ?? {};
    return { id: network.Id, name: network.Name, key: owner === project && key ? key : network.Name };
  });
  return {
    containers: new Map(containers.map((entry) => [entry.Id, peerOf(entry, project)])),
    networks: {
      byId: new Map(named.map((network) => [network.id, network])),
      byName: new Map(named.map((network) => [network.name, network])),
    },
  };
}

/** The name of a container in a list, without its slash and without the names that links give it. */
export function entryName(entry: ApiContainerEntry): string {
  return entry.Names?.map((name) => name.slice(1)).find((name) => !name.includes("/")) ?? "";
}

function peerOf(entry: ApiContainerEntry, project: string): Peer {
  const { [composeLabel.project]: owner, [composeLabel.service]: service } = entry.Labels ?? {};
  return owner === project && service ? { name: entryName(entry), service } : { name: entryName(entry) };
}

/** A namespace mode: `container:ID` stays so inside the project, and is `container:NAME` outside it. */
export function readPeer(mode: Maybe<string>, around: Surroundings): string | undefined {
  if (!mode?.startsWith("container:")) return mode || undefined;
  const peer = around.containers.get(mode.slice("container:".length));
  return peer && !peer.service ? `container:${peer.name}` : mode;
}

/** `ID[:MODE]` stays so inside the project, and is `container:NAME[:MODE]` outside it, where it was named by name. */
export function readVolumesFrom(list: readonly string[], around: Surroundings): string[] {
  return list.map((text) => {
    const [id = "", ...mode] = text.replace(/:rw$/, "").split(":");
    const peer = around.containers.get(id);
    if (peer?.service || (!peer && /^[0-9a-f]{64}$/.test(id))) return [id, ...mode].join(":");
    return ["container", peer?.name ?? id, ...mode].join(":");
  });
}

/** Links as the Engine takes them, `NAME:ALIAS`; those of the default bridge read `/NAME:/SELF/ALIAS`. */
export function readLinks(container: ApiContainer): string[] {
  const endpoints = Object.values(container.NetworkSettings?.Networks ?? {});
  const onBridge = (container.HostConfig.Links ?? []).map((text) => {
    const [name = "", path = ""] = text.replace(/^\//, "").split(":");
    return `${name}:${path.slice(path.lastIndexOf("/") + 1)}`;
  });
  return [...new Set([...onBridge, ...endpoints.flatMap((endpoint) => endpoint.Links ?? [])])].sort();
}
