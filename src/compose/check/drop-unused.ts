import { entry, entryText, itemsOf, mapFrom, type MapNode, type Node, withEntries } from "../tree/node.ts";

/** Takes away the networks, volumes, configs, secrets and models that no service uses: Compose does not print them. */
export function dropUnused(root: MapNode): MapNode {
  const services = entry(root, "services");
  const used = new Map<string, Set<string>>(resourceKeys.map((key) => [key, new Set<string>()]));
  if (services?.kind === "map") { for (const service of services.entries.values()) collectUses(service, used); }
  const changes: Record<string, Node | undefined> = {};
  for (const key of resourceKeys) {
    const resources = entry(root, key);
    if (resources?.kind !== "map") continue;
    const kept = [...resources.entries].filter(([name]) => used.get(key)!.has(name));
    changes[key] = kept.length > 0 ? mapFrom(resources, kept) : undefined;
  }
  return withEntries(root, changes);
}

const resourceKeys = ["networks", "volumes", "configs", "secrets", "models"] as const;

function collectUses(service: Node, used: ReadonlyMap<string, Set<string>>): void {
  for (const key of ["networks", "models"]) {
    const node = entry(service, key);
    if (node?.kind === "map") { for (const name of node.entries.keys()) used.get(key)!.add(name); }
  }
  for (const volume of itemsOf(entry(service, "volumes"))) {
    if (entryText(volume, "type") === "volume") used.get("volumes")!.add(entryText(volume, "source") ?? "");
  }
  for (const key of ["configs", "secrets"]) {
    for (const mount of itemsOf(entry(service, key))) used.get(key)!.add(entryText(mount, "source") ?? "");
  }
  for (const mount of itemsOf(entry(entry(service, "build"), "secrets"))) {
    used.get("secrets")!.add(entryText(mount, "source") ?? "");
  }
}
