import type { Collector } from "../tree/collector.ts";
import {
  brokenFrom,
  entry,
  isText,
  keyPlaceOf,
  mapEntries,
  mapItems,
  type MapNode,
  type Node,
  show,
  whereIs,
} from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { anyItem, compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import { isIpAddress } from "../../model/addresses.ts";

/** What one object has to be beyond its schema. */
type ObjectRule = "external-volume" | "config" | "secret" | "port" | "watch-path" | "device";

const rules = compilePatterns<ObjectRule>({
  "volumes.*": "external-volume",
  "configs.*": "config",
  "secrets.*": "secret",
  "services.*.ports.[]": "port",
  "services.*.develop.watch.[].path": "watch-path",
  "services.*.deploy.resources.reservations.devices.[]": "device",
  "services.*.gpus.[]": "device",
});

/** Holds each object against the rules that tie its keys together. */
export function checkObjects(root: Node, collector: Collector): Node {
  return walk(root, { path: "", rule: rules }, collector);
}

function walk(
  node: Node,
  at: { readonly path: string; readonly rule: Pattern<ObjectRule> | undefined },
  collector: Collector,
): Node {
  if (!at.rule) return node;
  if (at.rule.rule) return checkObject(node, at.rule.rule, { path: at.path, collector });
  if (node.kind === "map") {
    return mapEntries(
      node,
      (value, key) => walk(value, { path: joinPath(at.path, key), rule: descend(at.rule, key) }, collector),
    );
  }
  if (node.kind === "list") {
    return mapItems(
      node,
      (item, index) => walk(item, { path: joinIndex(at.path, index), rule: descend(at.rule, anyItem) }, collector),
    );
  }
  return node;
}

interface At {
  readonly path: string;
  readonly collector: Collector;
}

function checkObject(node: Node, rule: ObjectRule, at: At): Node {
  if (rule === "watch-path") {
    return isText(node) && node.value === ""
      ? refuse(node, at, "COMPOSE_VALUE", "is empty", "write the path to watch")
      : node;
  }
  if (node.kind !== "map") return node;
  switch (rule) {
    case "external-volume":
      return checkExternal(node, at);
    case "config":
      return checkContent(node, ["file", "environment", "content"], at);
    case "secret":
      return checkContent(node, ["file", "environment"], at);
    case "port": {
      const address = entry(node, "host_ip");
      if (!isText(address) || isIpAddress(address.value)) return node;
      return refuse(
        address,
        { ...at, path: joinPath(at.path, "host_ip") },
        "COMPOSE_VALUE",
        `is ${show(address)}, no IP address`,
        "write an IP address of the host",
      );
    }
    case "device":
      if (!entry(node, "count") || !entry(node, "device_ids")) return node;
      return refuse(node, at, "COMPOSE_CONFLICT", "has `count` and `device_ids`", "keep one of the two");
  }
}

function checkExternal(node: MapNode, at: At): Node {
  const external = entry(node, "external");
  if (external?.kind !== "scalar" || external.value !== true) return node;
  for (const [key, value] of node.entries) {
    if (key === "name" || key === "external" || key.startsWith("x-")) continue;
    return refuse(
      value,
      at,
      "COMPOSE_CONFLICT",
      `is external (${whereIs(external)}) and has \`${key}\``,
      "an external volume is made elsewhere: keep `name` and `external` only",
    );
  }
  return node;
}

function checkContent(node: MapNode, keys: readonly string[], at: At): Node {
  const said = keys.filter((key) => node.entries.has(key));
  if (said.length > 1) {
    return refuse(
      node.entries.get(said[1]!)!,
      at,
      "COMPOSE_CONFLICT",
      `has ${said.map((key) => `\`${key}\``).join(" and ")}`,
      "keep one of them",
    );
  }
  if (said.length === 1 || node.entries.has("driver") || node.entries.has("external")) return node;
  if (at.collector.hasErrorAt(at.path)) return brokenFrom(node); // the key that is missing may be the one with the error
  return refuse(node, at, "COMPOSE_REQUIRED_KEY", `has none of ${keys.join(", ")}`, "say where its content comes from");
}

function refuse(node: Node, at: At, code: Parameters<Collector["error"]>[0], problem: string, hint: string): Node {
  at.collector.error(code, `${at.path} ${problem}`, { place: keyPlaceOf(node), path: at.path, hint });
  return brokenFrom(node);
}
