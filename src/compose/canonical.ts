import { type Budget, budgets } from "./limits.ts";
import { cleanPath } from "./clean-path.ts";
import type { Collector } from "./collector.ts";
import {
  boolFrom,
  brokenFrom,
  describeType,
  entry,
  intFrom,
  isText,
  mapEntries,
  mapFrom,
  mapItems,
  type MapNode,
  type Node,
  nullFrom,
  quote,
  show,
  textFrom,
  withEntries,
} from "./node.ts";
import { anyItem, compilePatterns, descend, joinIndex, joinPath, type Pattern } from "./patterns.ts";
import { countPorts, expandPorts, parsePort } from "./ports.ts";
import { scalarText } from "./scalar-text.ts";
import { parseVolume } from "./volumes.ts";

/** The long form that a short form becomes. */
export type LongForm =
  | "build"
  | "text"
  | "key-values"
  | "dependencies"
  | "env-files"
  | "list"
  | "extends"
  | "gpus"
  | "names"
  | "volume"
  | "device"
  | "file"
  | "ports"
  | "ssh"
  | "external"
  | "include";

export const longForms: Readonly<Record<string, LongForm>> = {
  "services.*.build": "build",
  "services.*.build.secrets.[]": "file",
  "services.*.build.provenance": "text",
  "services.*.build.sbom": "text",
  "services.*.build.additional_contexts": "key-values",
  "services.*.build.ssh": "ssh",
  "services.*.depends_on": "dependencies",
  "services.*.env_file": "env-files",
  "services.*.label_file": "list",
  "services.*.extends": "extends",
  "services.*.gpus": "gpus",
  "services.*.networks": "names",
  "services.*.models": "names",
  "services.*.volumes.[]": "volume",
  "services.*.dns": "list",
  "services.*.devices.[]": "device",
  "services.*.secrets.[]": "file",
  "services.*.configs.[]": "file",
  "services.*.ports": "ports",
  "services.*.develop.watch.[].ignore": "list",
  "services.*.develop.watch.[].include": "list",
  "volumes.*": "external",
  "networks.*": "external",
  "secrets.*": "external",
  "configs.*": "external",
  "include.[]": "include",
};

const rules = compilePatterns(longForms);

export interface LongFormOptions {
  readonly collector: Collector;
  readonly budget: Budget;
}

interface At extends LongFormOptions {
  readonly path: string;
}

/** Turns every short form into its long form. */
export function toLongForms(root: Node, options: LongFormOptions): Node {
  const { collector, budget } = options;
  return walk(root, rules, { path: "", collector, budget });
}

function walk(node: Node, rule: Pattern<LongForm> | undefined, at: At): Node {
  if (!rule) return node;
  const converted = rule.rule ? convert(node, rule.rule, at) : node;
  if (converted.kind === "map") {
    return mapEntries(
      converted,
      (value, key) => walk(value, descend(rule, key), { ...at, path: joinPath(at.path, key) }),
    );
  }
  if (converted.kind === "list") {
    return mapItems(
      converted,
      (item, index) =>
        dropEmptyText(walk(item, descend(rule, anyItem), { ...at, path: joinIndex(at.path, index) }), at.path),
    );
  }
  return converted;
}

/** Compose leaves empty `dns` entries out. */
function dropEmptyText(item: Node, path: string): Node | undefined {
  const empty = item.kind === "scalar" && (item.type === "null" || item.value === "");
  return empty && /^services\..*\.dns$/.test(path) ? undefined : item;
}

function convert(node: Node, form: LongForm, at: At): Node {
  if (node.kind === "broken") return node;
  switch (form) {
    case "build":
      return isText(node) ? mapFrom(node, [["context", node]]) : node;
    case "text":
      return node.kind === "scalar" && !isText(node) ? textFrom(node, scalarText(node) ?? "<nil>") : node;
    case "list":
      return isText(node) ? { ...mapFrom(node, []), kind: "list", items: [node] } : node;
    case "extends":
      return isText(node) ? mapFrom(node, [["service", node]]) : node;
    case "include":
      return isText(node) ? mapFrom(node, [["path", node]]) : node;
    case "file":
      return isText(node) ? mapFrom(node, [["source", node]]) : node;
    case "gpus":
      return isText(node)
        ? { ...mapFrom(node, []), kind: "list", items: [mapFrom(node, [["count", textFrom(node, "all")]])] }
        : node;
    case "names":
      return namesToMap(node);
    case "key-values":
      return keyValues(node, at);
    case "dependencies":
      return dependencies(node);
    case "env-files":
      return envFiles(node);
    case "volume":
      return volume(node, at);
    case "device":
      return device(node, at);
    case "ports":
      return ports(node, at);
    case "ssh":
      return ssh(node, at);
    case "external":
      return external(node, at);
  }
}

function namesToMap(node: Node): Node {
  if (node.kind !== "list") return node;
  return mapFrom(
    node,
    node.items.filter(isText).map((item) => [item.value, nullFrom({ ...item, keyPlace: item.place })]),
  );
}

function keyValues(node: Node, at: At): Node {
  if (node.kind !== "list") return node;
  const entries: [string, Node][] = [];
  for (const item of node.items) {
    if (!isText(item)) continue;
    const equals = item.value.indexOf("=");
    if (equals === -1) return refuse(item, at, "is no key=value", "write key=value");
    entries.push([item.value.slice(0, equals), textFrom(item, item.value.slice(equals + 1))]);
  }
  return mapFrom(node, entries);
}

function dependencies(node: Node): Node {
  if (node.kind === "list") {
    return mapFrom(
      node,
      node.items.filter(isText).map((item) => [item.value, startedDependency({ ...item, keyPlace: item.place })]),
    );
  }
  if (node.kind !== "map") return node;
  return mapEntries(node, (value) => {
    if (value.kind !== "map") return value;
    const required = entry(value, "required") ?? boolFrom(value, true);
    const condition = entry(value, "condition") ?? textFrom(value, "service_started");
    return withEntries(value, { required, condition });
  });
}

function startedDependency(item: Node): MapNode {
  return mapFrom(item, [["condition", textFrom(item, "service_started")], ["required", boolFrom(item, true)]]);
}

function envFiles(node: Node): Node {
  const toFile = (item: Node): Node => {
    if (isText(item)) return mapFrom(item, [["path", item], ["required", boolFrom(item, true)]]);
    return item.kind === "map" && !item.entries.has("required")
      ? withEntries(item, { required: boolFrom(item, true) })
      : item;
  };
  if (isText(node)) return { ...mapFrom(node, []), kind: "list", items: [toFile(node)] };
  return node.kind === "list" ? mapItems(node, toFile) : node;
}

function volume(node: Node, at: At): Node {
  if (!isText(node)) return node;
  const parsed = parseVolume(node.value);
  if (parsed.kind === "invalid") {
    return refuse(node, at, `cannot be read: ${parsed.reason}`, "write SOURCE:TARGET or SOURCE:TARGET:ro");
  }
  for (const option of parsed.ignored) {
    at.collector.warning(
      "COMPOSE_VALUE",
      `${at.path} has the option ${node.secret ? "(a secret)" : quote(option)}, which Compose ignores`,
      {
        place: node.place,
        path: at.path,
        hint: "write ro, rw, z, Z, nocopy or a propagation such as rslave",
      },
    );
  }
  const { type, source, target, readOnly, propagation, selinux, noCopy } = parsed;
  const text = (value: string): Node | undefined => value === "" ? undefined : textFrom(node, value);
  const bindOptions = withEntries(mapFrom(node, []), {
    selinux: text(selinux),
    propagation: text(propagation),
    create_host_path: type === "bind" ? boolFrom(node, true) : undefined,
  });
  const hasBind = type === "bind" || propagation !== "" || selinux !== "";
  const volumeOptions = withEntries(mapFrom(node, []), { nocopy: noCopy ? boolFrom(node, true) : undefined });
  return withEntries(mapFrom(node, []), {
    type: textFrom(node, type),
    source: text(source),
    target: textFrom(node, cleanPath(target)),
    read_only: readOnly ? boolFrom(node, true) : undefined,
    bind: hasBind ? bindOptions : undefined,
    volume: parsed.options && (type === "volume" || noCopy) ? volumeOptions : undefined,
  });
}

function device(node: Node, at: At): Node {
  if (!isText(node)) return node;
  const parts = node.value.split(":");
  if (parts.length > 3) {
    return refuse(node, at, "has more than three parts", "use the long form: source, target, permissions");
  }
  const [source = "", target = "", permissions] = parts;
  return mapFrom(node, [
    ["source", textFrom(node, source)],
    ["target", textFrom(node, target || source)],
    ["permissions", textFrom(node, permissions ?? "rwm")],
  ]);
}

function ports(node: Node, at: At): Node {
  if (node.kind !== "list") return node;
  const items = node.items.flatMap((item, index): readonly Node[] => {
    if (item.kind !== "scalar") return [item];
    const parsed = parsePort(scalarText(item) ?? "");
    if (parsed.kind === "invalid") {
      return [
        refuse(
          item,
          { ...at, path: joinIndex(at.path, index) },
          `cannot be read: ${parsed.reason}`,
          "write PUBLISHED:TARGET, IP:PUBLISHED:TARGET or TARGET, with /udp behind it where it is not TCP",
        ),
      ];
    }
    if (!at.budget.take("ports", countPorts(parsed))) {
      const here = { ...at, path: joinIndex(at.path, index) };
      return [refuse(item, here, `makes more than ${budgets.ports} ports of the project`, "publish fewer ports")];
    }
    return expandPorts(parsed).map((port) => {
      const text = (value: string): Node | undefined => value === "" ? undefined : textFrom(item, value);
      return withEntries(mapFrom(item, []), {
        mode: textFrom(item, "ingress"),
        host_ip: text(port.hostIp),
        target: intFrom(item, port.target),
        published: text(port.published),
        protocol: textFrom(item, port.protocol),
      });
    });
  });
  return { ...node, items };
}

function ssh(node: Node, at: At): Node {
  if (node.kind !== "list") return node;
  const entries: [string, Node][] = [];
  for (const item of node.items) {
    if (!isText(item)) continue;
    const equals = item.value.indexOf("=");
    if (equals === -1 && item.value !== "default") {
      return refuse(item, at, "names no socket or key", "write ID=PATH, or default");
    }
    if (equals === -1) entries.push([item.value, nullFrom(item)]);
    else entries.push([item.value.slice(0, equals), textFrom(item, item.value.slice(equals + 1))]);
  }
  return mapFrom(node, entries);
}

/** The old `external: { name: NAME }`. */
function external(node: Node, at: At): Node {
  const old = entry(node, "external");
  if (node.kind !== "map" || old?.kind !== "map") return node;
  const oldName = entry(old, "name");
  const name = entry(node, "name");
  if (oldName) {
    at.collector.warning("COMPOSE_DEPRECATED", `${at.path}: the name in \`external\` is the old form`, {
      place: oldName.keyPlace ?? oldName.place,
      path: at.path,
      hint: "write `name: …` and `external: true`",
    });
    if (name && scalarText(name) !== scalarText(oldName)) {
      at.collector.error(
        "COMPOSE_CONFLICT",
        `${at.path} has two names: ${show(name)} and, in \`external\`, ${show(oldName)}`,
        {
          place: oldName.place,
          path: at.path,
          hint: "keep `name`",
        },
      );
    }
  }
  return withEntries(node, { external: boolFrom(old, true), ...(oldName && !name && { name: oldName }) });
}

function refuse(node: Node, at: At, problem: string, hint: string): Node {
  const what = node.kind === "scalar" ? show(node) : describeType(node);
  at.collector.error("COMPOSE_VALUE", `${at.path} ${what} ${problem}`, { place: node.place, path: at.path, hint });
  return brokenFrom(node);
}
