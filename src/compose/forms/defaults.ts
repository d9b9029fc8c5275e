import {
  boolFrom,
  isText,
  mapEntries,
  mapFrom,
  mapItems,
  type MapNode,
  type Node,
  textFrom,
  withEntries,
} from "../tree/node.ts";
import { anyItem, compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import { scalarText } from "../tree/scalar-text.ts";

/** What Compose adds where a key is not said. */
export type DefaultRule = "build-context" | "secret-target" | "port" | "device-count";

export const defaultRules: Readonly<Record<string, DefaultRule>> = {
  "services.*.build": "build-context",
  "services.*.secrets.[]": "secret-target",
  "services.*.ports.[]": "port",
  "services.*.deploy.resources.reservations.devices.[]": "device-count",
  "services.*.gpus.[]": "device-count",
};

const rules = compilePatterns(defaultRules);

/** A dependency that is named and nothing else. */
export function startedDependency(name: Node): MapNode {
  return mapFrom(name, [["condition", textFrom(name, "service_started")], ["required", boolFrom(name, true)]]);
}

/** Adds the values that Compose takes for granted. */
export function setDefaults(root: Node): Node {
  return walk(root, rules);
}

function walk(node: Node, rule: Pattern<DefaultRule> | undefined): Node {
  if (!rule) return node;
  if (rule.rule) return node.kind === "map" ? complete(node, rule.rule) : node;
  if (node.kind === "map") return mapEntries(node, (value, key) => walk(value, descend(rule, key)));
  return node.kind === "list" ? mapItems(node, (item) => walk(item, descend(rule, anyItem))) : node;
}

function complete(node: MapNode, rule: DefaultRule): MapNode {
  const without = (key: string): boolean => !node.entries.has(key);
  switch (rule) {
    case "build-context":
      return without("context") ? withEntries(node, { context: textFrom(node, ".") }) : node;
    case "secret-target": {
      const source = node.entries.get("source");
      if (!without("target") || !source) return node;
      return withEntries(node, {
        target: textFrom(isText(source) ? source : node, `/run/secrets/${scalarText(source) ?? ""}`),
      });
    }
    case "port":
      return withEntries(node, {
        ...(without("protocol") && { protocol: textFrom(node, "tcp") }),
        ...(without("mode") && { mode: textFrom(node, "ingress") }),
      });
    case "device-count":
      return without("count") && without("device_ids") ? withEntries(node, { count: textFrom(node, "all") }) : node;
  }
}
