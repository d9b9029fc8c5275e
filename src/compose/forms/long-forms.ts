import { startedDependency } from "./defaults.ts";
import { type LongFormAt, type LongFormOptions, refuse } from "./_long-form.ts";
import {
  boolFrom,
  entry,
  isText,
  keyPlaceOf,
  listFrom,
  mapEntries,
  mapFrom,
  mapItems,
  type Node,
  nullFrom,
  show,
  textFrom,
  withEntries,
} from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { anyItem, compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { createSettled } from "../tree/settled.ts";
import { longDevice, longPorts, longVolume } from "./colon-forms.ts";

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

/** Turns every short form into its long form. */
export function toLongForms(root: Node, options: LongFormOptions): Node {
  const { collector, budget } = options;
  return walk(root, rules, { path: "", collector, budget });
}

const long = createSettled<Pattern<LongForm>>();

function walk(node: Node, rule: Pattern<LongForm> | undefined, at: LongFormAt): Node {
  if (!rule || long.has(node, rule)) return node;
  return long.add(longBelow(node, rule, at), rule);
}

function longBelow(node: Node, rule: Pattern<LongForm>, at: LongFormAt): Node {
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

function convert(node: Node, form: LongForm, at: LongFormAt): Node {
  if (node.kind === "broken") return node;
  switch (form) {
    case "build":
      return isText(node) ? mapFrom(node, [["context", node]]) : node;
    case "text":
      return node.kind === "scalar" && !isText(node) ? textFrom(node, scalarText(node) ?? "<nil>") : node;
    case "list":
      return isText(node) ? listFrom(node, [node]) : node;
    case "extends":
      return isText(node) ? mapFrom(node, [["service", node]]) : node;
    case "include":
      return isText(node) ? mapFrom(node, [["path", node]]) : node;
    case "file":
      return isText(node) ? mapFrom(node, [["source", node]]) : node;
    case "gpus":
      return isText(node) ? listFrom(node, [mapFrom(node, [["count", textFrom(node, "all")]])]) : node;
    case "names":
      return namesToMap(node, at);
    case "key-values":
      return keyValues(node, at);
    case "dependencies":
      return dependencies(node, at);
    case "env-files":
      return envFiles(node);
    case "volume":
      return longVolume(node, at);
    case "device":
      return longDevice(node, at);
    case "ports":
      return longPorts(node, at);
    case "ssh":
      return ssh(node, at);
    case "external":
      return external(node, at);
  }
}

/** A name becomes a part of paths and messages, where no byte of a key may stand. */
function secretName(node: Node): Node | undefined {
  return node.kind === "list" ? node.items.find((item) => item.secret) : undefined;
}

function namesToMap(node: Node, at: LongFormAt): Node {
  if (node.kind !== "list") return node;
  const secret = secretName(node);
  if (secret) return refuse(secret, at, "is a name", "write the name itself, not a variable that holds a key");
  return mapFrom(
    node,
    node.items.filter(isText).map((item) => [item.value, nullFrom({ ...item, keyPlace: item.place })]),
  );
}

function keyValues(node: Node, at: LongFormAt): Node {
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

function dependencies(node: Node, at: LongFormAt): Node {
  const secret = secretName(node);
  if (secret) return refuse(secret, at, "is a name", "write the name itself, not a variable that holds a key");
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

function envFiles(node: Node): Node {
  const toFile = (item: Node): Node => {
    if (isText(item)) return mapFrom(item, [["path", item], ["required", boolFrom(item, true)]]);
    return item.kind === "map" && !item.entries.has("required")
      ? withEntries(item, { required: boolFrom(item, true) })
      : item;
  };
  if (isText(node)) return listFrom(node, [toFile(node)]);
  return node.kind === "list" ? mapItems(node, toFile) : node;
}

function ssh(node: Node, at: LongFormAt): Node {
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
function external(node: Node, at: LongFormAt): Node {
  const old = entry(node, "external");
  if (node.kind !== "map" || old?.kind !== "map") return node;
  const oldName = entry(old, "name");
  const name = entry(node, "name");
  if (oldName) {
    at.collector.warning("COMPOSE_DEPRECATED", `${at.path}: the name in \`external\` is the old form`, {
      place: keyPlaceOf(oldName),
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
