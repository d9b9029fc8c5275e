import { createHash } from "node:crypto";
import type { SharedConfig } from "../../model/desired.ts";
import { goJson } from "./go-json.ts";
import { entry, isText, mapItems, type MapNode, type Node, textFrom, withEntries } from "../tree/node.ts";

/** Keys of a service that the hash leaves out: they do not change its container. */
const unhashedKeys = ["build", "pull_policy", "scale", "depends_on", "profiles"] as const;

/**
 * Compose's `config-hash` label of a service (Compose 2.40): what `docker compose up` compares to decide whether a
 * container is still what its files say. As `docker compose config --hash` prints it.
 *
 * @param service in canonical form, env files taken in; keys in Compose's order
 */
export function serviceConfigHash(service: Node): string {
  return sha256(goJson(hashed(service)));
}

/**
 * What Compose hashes instead of a service that shares namespaces or volumes with another: `up` puts the id of the other
 * one's container in the place of its key, and leaves out how volumes are shared.
 *
 * @returns undefined for a service that shares with none
 */
export function sharedConfig(service: Node): SharedConfig | undefined {
  if (service.kind !== "map") return undefined;
  const changes: Record<string, Node> = {};
  for (const key of ["network_mode", "ipc", "pid"]) {
    const mode = entry(service, key);
    if (!isText(mode) || !mode.value.startsWith("service:")) continue;
    changes[key] = textFrom(mode, `container:${markOf(mode.value.slice("service:".length))}`);
  }
  const volumesFrom = entry(service, "volumes_from");
  if (volumesFrom?.kind === "list" && volumesFrom.items.length > 0) {
    changes["volumes_from"] = mapItems(
      volumesFrom,
      (item) => isText(item) ? textFrom(item, donorOf(item.value)) : item,
    );
  }
  if (Object.keys(changes).length === 0) return undefined;
  const text = goJson(hashed(withEntries(service, changes)));
  return text.split(mark).map((part, index) => index % 2 === 0 ? part : { containerOf: part });
}

/** Stands for a container's id until it is known; the JSON of no Compose value holds it otherwise. */
const markOf = (key: string): string => `\0container of ${key}\0`;
const mark = /\\u0000container of ([\w.-]+)\\u0000/;

/** `KEY[:MODE]` of a service, or `container:NAME[:MODE]`. */
function donorOf(text: string): string {
  const [name = "", container = ""] = text.split(":");
  return name === "container" ? container : markOf(name);
}

function hashed(service: Node): Node {
  if (service.kind !== "map") return service;
  return withoutReplicas(withEntries(service, Object.fromEntries(unhashedKeys.map((key) => [key, undefined]))));
}

function withoutReplicas(service: MapNode): MapNode {
  const deploy = entry(service, "deploy");
  return deploy?.kind === "map"
    ? withEntries(service, { deploy: withEntries(deploy, { replicas: undefined }) })
    : service;
}

/** Compose's `config-hash` label of a network. */
export function networkConfigHash(network: Node): string {
  return sha256(goJson(network));
}

/** Compose's `config-hash` label of a volume. */
export function volumeConfigHash(volume: Node): string {
  if (volume.kind !== "map" || entry(volume, "driver")) return sha256(goJson(volume));
  const entries = new Map<string, Node>();
  const name = volume.entries.get("name");
  if (name) entries.set("name", name);
  entries.set("driver", textFrom(volume, "local"));
  for (const [key, value] of volume.entries) if (key !== "name") entries.set(key, value);
  return sha256(goJson({ ...volume, entries }));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
