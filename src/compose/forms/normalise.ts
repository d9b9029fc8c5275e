import { type Environment, lookupIn } from "../variables/environment.ts";
import { variableUse } from "../variables/variable-use.ts";
import {
  boolFrom,
  entry,
  isNull,
  isText,
  mapEntries,
  mapFrom,
  mapItems,
  type MapNode,
  type Node,
  textFrom,
  textsOf,
  withEntries,
} from "../tree/node.ts";
import { parseGoBool } from "../types/truth.ts";
import { cleanPath } from "../files/clean-path.ts";
import type { ProjectName } from "../files/project-name.ts";

/** Options that bind a service to another one as `service:NAME`. */
const namespaces = ["network_mode", "ipc", "pid", "uts", "cgroup"] as const;

export interface NormaliseOptions {
  readonly projectName: ProjectName;
  readonly environment: Environment;
}

/** Makes explicit what Compose implies: the default network, names, dependencies, values from the environment. */
export function normalise(root: Node, options: NormaliseOptions): Node {
  if (root.kind !== "map") return root;
  const services = entry(root, "services");
  if (services?.kind !== "map") {
    return nameResources(withEntries(root, { name: nameNode(root, options) }), options);
  }
  const normalised = mapEntries(
    services,
    (service) => service.kind === "map" ? joinDefaultNetwork(normaliseService(service, options)) : service,
  );
  const networks = entry(root, "networks");
  const known = networks?.kind === "map" ? networks : mapFrom(root, []);
  const withDefault = !known.entries.has("default") && usesDefaultNetwork(normalised)
    ? withEntries(known, { default: implied(services) })
    : known;
  const changed = withEntries(root, {
    name: nameNode(root, options),
    services: normalised,
    networks: withDefault.entries.size > 0 || networks ? withDefault : undefined,
  });
  return nameResources(changed, options);
}

function nameNode({ place }: MapNode, { projectName }: NormaliseOptions): Node {
  const { text, written, variables } = projectName;
  if (written) return textFrom(written, text);
  return { kind: "scalar", type: "string", value: text, place, ...(variables && { variables }) };
}

/** What no file says, told where the value stands that implies it. */
function implied({ place, keyPlace }: Node): Node {
  return { kind: "scalar", type: "null", value: null, place: keyPlace ?? place };
}

function joinDefaultNetwork(service: MapNode): MapNode {
  if (service.entries.has("provider") || service.entries.has("network_mode")) return service;
  const networks = entry(service, "networks");
  if (networks && !(networks.kind === "map" && networks.entries.size === 0) && !isNull(networks)) return service;
  const network = implied(service);
  return withEntries(service, { networks: mapFrom(networks ?? network, [["default", network]]) });
}

function usesDefaultNetwork(services: MapNode): boolean {
  for (const service of services.entries.values()) {
    const networks = entry(service, "networks");
    if (networks?.kind === "map" && networks.entries.has("default")) return true;
  }
  return false;
}

function normaliseService(service: MapNode, options: NormaliseOptions): MapNode {
  const pullPolicy = entry(service, "pull_policy");
  const build = entry(service, "build");
  const environment = entry(service, "environment");
  const volumes = entry(service, "volumes");
  const dependencies = impliedDependencies(service);
  return withEntries(service, {
    ...(isText(pullPolicy) && pullPolicy.value === "if_not_present" &&
      { pull_policy: textFrom(pullPolicy, "missing") }),
    ...(build?.kind === "map" && { build: normaliseBuild(build, options) }),
    ...(environment && { environment: takeValues(environment, { ...options, keepEmpty: true }) }),
    ...(volumes?.kind === "list" && { volumes: mapItems(volumes, cleanTarget) }),
    ...(dependencies && { depends_on: dependencies }),
  });
}

function cleanTarget(volume: Node): Node {
  const target = entry(volume, "target");
  if (volume.kind !== "map" || !isText(target)) return volume;
  return withEntries(volume, { target: textFrom(target, cleanPath(target.value)) });
}

function normaliseBuild(build: MapNode, options: NormaliseOptions): MapNode {
  const args = entry(build, "args");
  const absent = (key: string): boolean => !entry(build, key) || isNull(entry(build, key));
  return withEntries(build, {
    ...(absent("context") && { context: textFrom(build, ".") }),
    ...(absent("dockerfile") && absent("dockerfile_inline") && { dockerfile: textFrom(build, "Dockerfile") }),
    ...(args && { args: takeValues(args, { ...options, keepEmpty: false }) }),
  });
}

/** Gives keys without a value the value that the environment has; without one they stay empty, or go. */
function takeValues(node: Node, options: NormaliseOptions & { readonly keepEmpty: boolean }): Node {
  const valueOf = (name: string, from: Node, write: (value: string) => string): Node | undefined => {
    const variable = options.environment.get(name);
    if (!variable) return options.keepEmpty ? from : undefined;
    return {
      ...textFrom(from, write(variable.value)),
      ...(variable.secret && { secret: true }),
      variables: [variableUse(name, lookupIn(options.environment))],
    };
  };
  if (node.kind === "map") {
    return mapEntries(node, (value, key) => isNull(value) ? valueOf(key, value, (text) => text) : value);
  }
  if (node.kind !== "list") return node;
  return mapItems(
    node,
    (item) =>
      isText(item) && !item.value.includes("=") ? valueOf(item.value, item, (text) => `${item.value}=${text}`) : item,
  );
}

/** `links`, `volumes_from` and shared namespaces make a service depend on others. */
function impliedDependencies(service: MapNode): Node | undefined {
  const written = entry(service, "depends_on");
  const entries = new Map(written?.kind === "map" ? written.entries : []);
  const add = (name: string, from: Node, restart: boolean): void => {
    if (entries.has(name)) return;
    entries.set(
      name,
      mapFrom(from, [
        ["condition", textFrom(from, "service_started")],
        ["restart", boolFrom(from, restart)],
        ["required", boolFrom(from, true)],
      ]),
    );
  };
  for (const item of textsOf(entry(service, "links"))) {
    const parts = item.value.split(":");
    add(parts.length === 2 ? parts[0]! : item.value, item, true);
  }
  for (const key of namespaces) {
    const mode = entry(service, key);
    if (isText(mode) && mode.value.startsWith("service:")) add(mode.value.slice("service:".length), mode, true);
  }
  for (const item of textsOf(entry(service, "volumes_from"))) {
    if (!item.value.startsWith("container:")) add(item.value.split(":")[0]!, item, false);
  }
  if (entries.size === 0) return undefined;
  return { ...(written ?? service), kind: "map", entries };
}

/** A resource without a name is called PROJECT_KEY, or KEY when it is external. */
function nameResources(root: MapNode, options: NormaliseOptions): MapNode {
  const name = (resource: Node, key: string): Node => {
    if (resource.kind !== "map" && !isNull(resource)) return resource;
    const map = resource.kind === "map" ? resource : mapFrom(resource, []);
    const said = entry(map, "name");
    if (said && !isNull(said)) return map;
    const external = entry(map, "external");
    const isExternal = external?.kind === "scalar" && parseGoBool(String(external.value)) === true;
    return withEntries(map, {
      name: textFrom(implied(map), isExternal ? key : `${options.projectName.text}_${key}`),
    });
  };
  return mapEntries(
    root,
    (value, key) =>
      value.kind === "map" && ["networks", "volumes", "configs", "secrets"].includes(key)
        ? mapEntries(value, name)
        : value,
  ) as MapNode;
}
