import { createHash } from "node:crypto";
import { goJson } from "./go-json.ts";
import { entry, type MapNode, type Node, textFrom, withEntries } from "../tree/node.ts";

/** Keys of a service that the hash leaves out: they do not change its container. */
export const unhashedKeys = ["build", "pull_policy", "scale", "depends_on", "profiles"] as const;

/**
 * Compose's `config-hash` label of a service (Compose 2.40): what `docker compose up` compares to decide whether a
 * container is still what its files say.
 *
 * @param service in canonical form, env files taken in; keys in Compose's order
 */
export function serviceConfigHash(service: Node): string {
  if (service.kind !== "map") return sha256("null");
  const hashed = withEntries(service, Object.fromEntries(unhashedKeys.map((key) => [key, undefined])));
  return sha256(goJson(withoutReplicas(hashed)));
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
