import { cleanPath } from "./clean-path.ts";
import { type Environment, lookupIn } from "../variables/environment.ts";
import { variableUse } from "../variables/variable-use.ts";
import {
  brokenFrom,
  entry,
  isText,
  mapEntries,
  mapItems,
  type MapNode,
  type Node,
  show,
  textFrom,
  withEntries,
} from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { anyItem, compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import type { Workspace } from "./workspace.ts";

/** How a path is made absolute. */
export type PathRule =
  /** A path, or a list of them. */
  | "path"
  /** A path, a Windows path, or nothing of that kind. */
  | "any-path"
  /** A path, unless it names something remote or another service. */
  | "context"
  /** The source of a bind. */
  | "volume"
  /** The device of a local volume that is a bind. */
  | "volume-device";

export const pathRules: Readonly<Record<string, PathRule>> = {
  "services.*.build.context": "context",
  "services.*.build.additional_contexts.*": "context",
  "services.*.build.ssh.*": "any-path",
  "services.*.env_file.[].path": "path",
  "services.*.label_file.[]": "path",
  "services.*.extends.file": "path",
  "services.*.develop.watch.[].path": "path",
  "services.*.volumes.[]": "volume",
  "configs.*.file": "any-path",
  "secrets.*.file": "any-path",
  "volumes.*": "volume-device",
};

const rules = compilePatterns(pathRules);

export interface PathScope {
  readonly workspace: Workspace;
  /** Absolute: relative paths start here. */
  readonly folder: string;
  /** For `~`, which is HOME. */
  readonly environment: Environment;
}

/** Makes the relative paths of a model absolute. */
export function resolvePaths(root: Node, scope: PathScope): Node {
  return walk(root, "", rules, scope);
}

function walk(node: Node, path: string, rule: Pattern<PathRule> | undefined, scope: PathScope): Node {
  if (!rule || node.kind === "broken") return node;
  if (rule.rule) return resolve(node, path, rule.rule, scope);
  if (node.kind === "map") {
    return mapEntries(node, (value, key) => walk(value, joinPath(path, key), descend(rule, key), scope));
  }
  if (node.kind === "list") {
    return mapItems(node, (item, index) => walk(item, joinIndex(path, index), descend(rule, anyItem), scope));
  }
  return node;
}

function resolve(node: Node, path: string, rule: PathRule, scope: PathScope): Node {
  switch (rule) {
    case "path":
      if (node.kind === "list") return mapItems(node, (item) => resolve(item, path, rule, scope));
      return isText(node) && node.value !== "" ? resolveText(node, path, scope) : node;
    case "any-path":
      return isText(node) && !isWindowsPath(node.value) ? resolveText(node, path, scope) : node;
    case "context":
      return isText(node) && !isRemote(node.value) && node.value !== "" ? resolveText(node, path, scope) : node;
    case "volume":
      return node.kind === "map" ? resolveVolume(node, path, scope) : node;
    case "volume-device":
      return node.kind === "map" ? resolveDevice(node, path, scope) : node;
  }
}

function resolveText(node: Node & { readonly value: unknown }, path: string, scope: PathScope): Node {
  const text = String(node.value);
  if (!text.startsWith("~")) {
    // an absolute path stays as it is written
    return text.startsWith("/") ? node : { ...textFrom(node, cleanPath(`${scope.folder}/${text}`)), relative: true };
  }
  const home = scope.environment.get("HOME")?.value;
  if (home) {
    const variables = [...node.variables ?? [], variableUse("HOME", lookupIn(scope.environment))];
    return { ...textFrom(node, cleanPath(`${home}/${text.slice(1)}`)), variables };
  }
  scope.workspace.collector.error("COMPOSE_PATH_OUTSIDE", `${path} begins with ~ and HOME is not set: ${show(node)}`, {
    place: node.place,
    path,
    hint: "set HOME in `environment` of holdfast.yaml, or write the whole path",
  });
  return brokenFrom(node);
}

function resolveVolume(node: MapNode, path: string, scope: PathScope): Node {
  const type = entry(node, "type");
  if (!isText(type) || type.value !== "bind") return node;
  const source = entry(node, "source");
  if (!source) {
    if (scope.workspace.collector.hasErrorAt(path)) return brokenFrom(node); // most likely one under another name
    scope.workspace.collector.error("COMPOSE_REQUIRED_KEY", `${path} is a bind without \`source\``, {
      place: node.place,
      path,
      hint: "add `source`: the path on the host",
    });
    return brokenFrom(node);
  }
  return withEntries(node, { source: resolve(source, joinPath(path, "source"), "any-path", scope) });
}

function resolveDevice(node: MapNode, path: string, scope: PathScope): Node {
  const driver = entry(node, "driver");
  const options = entry(node, "driver_opts");
  const kind = entry(options, "o");
  const device = entry(options, "device");
  if (!isText(driver) || driver.value !== "local" || options?.kind !== "map") return node;
  if (!isText(kind) || kind.value !== "bind" || !isText(device)) return node;
  const resolved = resolve(device, `${path}.driver_opts.device`, "any-path", scope);
  return withEntries(node, { driver_opts: withEntries(options, { device: resolved }) });
}

/** `C:\data`, `C:/data`, `\\server\share\data`. */
function isWindowsPath(path: string): boolean {
  return /^.:[\\/]/.test(path) || /^[\\/]{2}/.test(path);
}

function isRemote(context: string): boolean {
  return context.includes("://") || context.startsWith("service:") ||
    ["https://", "http://", "git://", "ssh://", "github.com/", "git@"].some((prefix) => context.startsWith(prefix));
}
