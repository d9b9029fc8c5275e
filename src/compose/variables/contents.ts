import { type Environment, lookupIn } from "./environment.ts";
import { entry, isText, type ListNode, mapEntries, mapItems, type Node, textFrom, withEntries } from "../tree/node.ts";
import { variableUse } from "./variable-use.ts";

/**
 * Entry of a config or secret that holds what its `environment` names; never printed. The `#` keeps it apart from the
 * `x-` keys that people write.
 */
export const contentKey = "x-#content";

/**
 * Takes the values that an environment gives to names: bare names in an `environment` list, and the `environment` of
 * configs and secrets. Files that are included have their own variables, so this is done for each set of files.
 */
export function resolveContents(root: Node, environment: Environment): Node {
  if (root.kind !== "map") return root;
  const withContent = (resource: Node): Node => {
    const name = entry(resource, "environment");
    const variable = isText(name) ? environment.get(name.value) : undefined;
    if (resource.kind !== "map" || !name || !variable) return resource;
    return withEntries(resource, { [contentKey]: { ...textFrom(name, variable.value), secret: true } });
  };
  return mapEntries(root, (value, key) => {
    if (value.kind !== "map") return value;
    if (key === "services") return mapEntries(value, (service) => resolveNames(service, environment));
    return key === "secrets" || key === "configs" ? mapEntries(value, withContent) : value;
  });
}

function resolveNames(service: Node, environment: Environment): Node {
  const names = entry(service, "environment");
  if (service.kind !== "map" || names?.kind !== "list") return service;
  const resolved: ListNode = mapItems(names, (item) => {
    const variable = isText(item) ? environment.get(item.value) : undefined;
    if (!isText(item) || !variable) return item;
    return {
      ...textFrom(item, `${item.value}=${variable.value}`),
      ...(variable.secret && { secret: true }),
      variables: [variableUse(item.value, lookupIn(environment))],
    };
  }) as ListNode;
  return withEntries(service, { environment: resolved });
}

/** What `resolveContents` found, by path: `secrets.db`. */
export function contentsOf(root: Node): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (const kind of ["configs", "secrets"]) {
    const resources = entry(root, kind);
    if (resources?.kind !== "map") continue;
    for (const [name, resource] of resources.entries) {
      const content = entry(resource, contentKey);
      if (isText(content)) contents.set(`${kind}.${name}`, content.value);
    }
  }
  return contents;
}
