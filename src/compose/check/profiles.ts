import { entry, isText, type MapNode, type Node } from "../tree/node.ts";

/** The services of a project, by whether one of their profiles is on. */
export interface ProfiledServices {
  readonly enabled: ReadonlyMap<string, MapNode>;
  readonly disabled: ReadonlyMap<string, MapNode>;
}

/** A service without profiles is always on; `*` turns all of them on. */
export function splitByProfile(services: Node | undefined, profiles: readonly string[]): ProfiledServices {
  const enabled = new Map<string, MapNode>();
  const disabled = new Map<string, MapNode>();
  if (services?.kind === "map") {
    for (const [key, service] of services.entries) {
      if (service.kind !== "map") continue;
      const own = profilesOf(service);
      const on = own.length === 0 || profiles.includes("*") || own.some((profile) => profiles.includes(profile));
      (on ? enabled : disabled).set(key, service);
    }
  }
  return { enabled, disabled };
}

/** The profiles that a service names. */
export function profilesOf(service: Node): readonly string[] {
  const node = entry(service, "profiles");
  return node?.kind === "list" ? node.items.filter(isText).map((item) => item.value) : [];
}
