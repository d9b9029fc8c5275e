import type { ComposeIssueCode } from "./codes.ts";
import type { Collector } from "./collector.ts";
import { entry, intFrom, isText, type MapNode, type Node, quote, show, whereIs, withEntries } from "./node.ts";
import { joinIndex, joinPath } from "./patterns.ts";
import { type ProfiledServices, profilesOf } from "./profiles.ts";
import { suggest } from "./suggest.ts";

/** What the checks look at. */
export interface Context {
  /** The project in canonical form. */
  readonly root: Node;
  /** The same before its types were checked: what has an issue is still in it. */
  readonly written: Node;
  readonly services: ProfiledServices;
  readonly collector: Collector;
}

interface ServiceAt extends Context {
  readonly key: string;
  readonly service: MapNode;
  readonly path: string;
}

/**
 * Holds the project against Compose's own rules: references, exclusive keys, double values, cycles.
 *
 * @returns the enabled services, with `deploy.replicas` following `scale`
 */
export function checkConsistency(context: Context): ReadonlyMap<string, MapNode> {
  const checked = new Map<string, MapNode>();
  for (const [key, service] of context.services.enabled) {
    const at: ServiceAt = { ...context, key, service, path: `services.${key}` };
    checkImage(at);
    checkNetworks(at);
    checkHealthcheck(at);
    checkDependencies(at);
    checkMountedResources(at);
    checkLimits(at);
    checkTargets(at);
    checkWatch(at);
    checked.set(key, followScale(service));
  }
  checkSecrets(context);
  checkContainerNames(context);
  checkCycles(context);
  return checked;
}

function report(
  at: Context,
  code: ComposeIssueCode,
  node: Node,
  issue: { readonly path: string; readonly message: string; readonly hint: string },
): void {
  at.collector.error(code, issue.message, { place: node.keyPlace ?? node.place, path: issue.path, hint: issue.hint });
}

function checkImage(at: ServiceAt): void {
  const { service, path, key } = at;
  const build = entry(service, "build");
  if (!build && !entry(service, "image") && !entry(service, "provider") && !at.collector.hasErrorAt(path)) {
    report(at, "SERVICE_WITHOUT_IMAGE", service, {
      path,
      message: `The service "${key}" has neither \`image\` nor \`build\``,
      hint: "add `image`; if another Compose file gives it, list that file too",
    });
  }
  if (!build) return;
  const inline = entry(build, "dockerfile_inline");
  if (inline && entry(build, "dockerfile")) {
    report(at, "COMPOSE_CONFLICT", inline, {
      path: `${path}.build`,
      message: `${path}.build has \`dockerfile\` and \`dockerfile_inline\``,
      hint: "keep one of the two",
    });
  }
  for (const [name, context] of entriesOf(entry(build, "additional_contexts"))) {
    const target = isText(context) && context.value.startsWith("service:")
      ? context.value.slice("service:".length)
      : undefined;
    if (target === undefined) continue;
    const other = at.services.enabled.get(target);
    if (other && entry(other, "build")) continue;
    report(at, "REFERENCE_MISSING", context, {
      path: `${path}.build.additional_contexts.${name}`,
      message: `${path}.build takes a context from the service ${quote(target)}, which ${
        other ? "has no `build`" : "is not defined"
      }`,
      hint: "name a service that is built",
    });
  }
  const platform = entry(service, "platform");
  const platforms = textsOf(entry(build, "platforms"));
  if (isText(platform) && platforms.length > 0 && !platforms.some((item) => item.value === platform.value)) {
    report(at, "COMPOSE_CONFLICT", platform, {
      path: `${path}.platform`,
      message: `${path}.platform is ${show(platform)}, which is not among build.platforms`,
      hint: "add it to build.platforms",
    });
  }
}

function checkNetworks(at: ServiceAt): void {
  const { service, path } = at;
  const mode = entry(service, "network_mode");
  const networks = entriesOf(entry(service, "networks"));
  if (isText(mode) && networks.length > 0) {
    report(at, "COMPOSE_CONFLICT", mode, {
      path: `${path}.network_mode`,
      message: `${path} has \`network_mode\` and \`networks\` (${whereIs(networks[0]![1])})`,
      hint: "keep one of the two",
    });
  }
  for (const [name, node] of networks) reference(at, "networks", name, { node, path: `${path}.networks.${name}` });
}

function checkHealthcheck(at: ServiceAt): void {
  const test = entry(entry(at.service, "healthcheck"), "test");
  const first = test?.kind === "list" ? test.items[0] : undefined;
  if (!isText(first) || ["CMD", "CMD-SHELL", "NONE"].includes(first.value)) return;
  report(at, "COMPOSE_VALUE", first, {
    path: `${at.path}.healthcheck.test`,
    message: `${at.path}.healthcheck.test begins with ${show(first)}, not with CMD, CMD-SHELL or NONE`,
    hint: 'write the list as ["CMD", "program", "argument"]',
  });
}

function checkDependencies(at: ServiceAt): void {
  const { service, path, services } = at;
  for (const [name, node] of entriesOf(entry(service, "depends_on"))) {
    if (services.enabled.has(name) || (!services.disabled.has(name) && isWritten(at, "services", name))) continue;
    const disabled = services.disabled.get(name);
    const required = entry(node, "required");
    if (disabled && required?.kind === "scalar" && required.value === false) continue;
    const names = [...services.enabled.keys(), ...services.disabled.keys()];
    const near = suggest(name, names);
    const message = `The service "${at.key}" depends on ${quote(name)}, which is ${
      disabled ? "switched off" : "not defined"
    }`;
    const hint = disabled
      ? `turn on one of its profiles (${profilesOf(disabled).join(", ")}), or add \`required: false\``
      : near
      ? `did you mean "${near}"?`
      : "define the service, or take the dependency away";
    report(at, disabled ? "REFERENCE_DISABLED" : "REFERENCE_MISSING", node, {
      path: `${path}.depends_on.${name}`,
      message,
      hint,
    });
  }
}

function checkMountedResources(at: ServiceAt): void {
  const { service, path } = at;
  itemsOf(entry(service, "volumes")).forEach((volume, index) => {
    const source = entry(volume, "source");
    const type = entry(volume, "type");
    if (isText(type) && type.value === "volume" && isText(source)) {
      reference(at, "volumes", source.value, { node: source, path: joinIndex(`${path}.volumes`, index) });
    }
  });
  const files = [
    ["configs", entry(service, "configs"), `${path}.configs`],
    ["secrets", entry(service, "secrets"), `${path}.secrets`],
    ["secrets", entry(entry(service, "build"), "secrets"), `${path}.build.secrets`],
  ] as const;
  for (const [kind, mounts, where] of files) {
    itemsOf(mounts).forEach((mount, index) => {
      const source = entry(mount, "source");
      const name = isText(source) ? source.value : "";
      reference(at, kind, name, { node: source ?? mount, path: joinIndex(where, index) });
    });
  }
  for (const [name, node] of entriesOf(entry(service, "models"))) {
    reference(at, "models", name, { node, path: `${path}.models.${name}` });
  }
}

/** A resource that a service names must be defined at the top. */
function reference(
  at: ServiceAt,
  kind: "networks" | "volumes" | "configs" | "secrets" | "models",
  name: string,
  from: { readonly node: Node; readonly path: string },
): void {
  const defined = entry(at.root, kind);
  if (entry(defined, name) || isWritten(at, kind, name)) return;
  const near = suggest(name, entriesOf(defined).map(([key]) => key));
  report(at, "REFERENCE_MISSING", from.node, {
    path: from.path,
    message: `The service "${at.key}" uses the ${kind.slice(0, -1)} ${
      from.node.secret ? "(a secret)" : quote(name)
    }, which is not defined`,
    hint: near ? `did you mean "${near}"?` : `define it below \`${kind}:\` at the top of a file`,
  });
}

/** Whether a resource is defined, be it with an issue; one whose section is misspelled may be. */
function isWritten(context: Context, kind: string, name: string): boolean {
  return entry(entry(context.written, kind), name) !== undefined || context.collector.hasUnknownSection();
}

/** Keys that say what `deploy` says too must say the same. */
function checkLimits(at: ServiceAt): void {
  const { service, path } = at;
  const deploy = entry(service, "deploy");
  const scale = entry(service, "scale");
  const replicas = entry(deploy, "replicas");
  const differ = (own: Node, key: string, other: Node | undefined, otherKey: string): void =>
    report(at, "COMPOSE_CONFLICT", own, {
      path: `${path}.${key}`,
      message: `${path}.${key} is ${show(own)}, ${otherKey} is ${
        other ? `${show(other)} (${whereIs(other)})` : "not said"
      }`,
      hint: "say it once",
    });
  if (scale && replicas && numberOf(scale) !== numberOf(replicas)) differ(scale, "scale", replicas, "deploy.replicas");
  for (const [key, node] of [["scale", scale], ["deploy.replicas", replicas]] as const) {
    if (node && numberOf(node) < 0) {
      report(at, "COMPOSE_VALUE", node, {
        path: `${path}.${key}`,
        message: `${path}.${key} is ${show(node)}, less than 0`,
        hint: "write 0 or more",
      });
    }
  }
  const limits = entry(entry(deploy, "resources"), "limits");
  const reservations = entry(entry(deploy, "resources"), "reservations");
  const pairs = [
    ["cpus", limits, "cpus", "limits"],
    ["mem_limit", limits, "memory", "limits"],
    ["mem_reservation", reservations, "memory", "reservations"],
    ["pids_limit", limits, "pids", "limits"],
  ] as const;
  for (const [key, resources, otherKey, kind] of pairs) {
    const own = entry(service, key);
    if (!own || !resources) continue;
    const other = entry(resources, otherKey);
    if (Number(numberOf(own)) !== Number(other ? numberOf(other) : 0)) {
      differ(own, key, other, `deploy.resources.${kind}.${otherKey}`);
    }
  }
  const name = entry(service, "container_name");
  const count = scale ?? replicas;
  if (name && count && numberOf(count) > 1) {
    report(at, "COMPOSE_CONFLICT", name, {
      path: `${path}.container_name`,
      message: `${path} has a \`container_name\` and ${show(count)} containers`,
      hint: "take `container_name` away, or run one container",
    });
  }
}

function checkTargets(at: ServiceAt): void {
  const { service, path } = at;
  const taken = new Map<string, Node>();
  const take = (target: string, node: Node, where: string): void => {
    const first = taken.get(target);
    if (first) {
      report(at, "COMPOSE_CONFLICT", node, {
        path: where,
        message: `${where}: ${target} is mounted already, in ${whereIs(first)}`,
        hint: "mount each target once",
      });
    } else taken.set(target, node);
  };
  itemsOf(entry(service, "tmpfs")).forEach((item, index) => {
    if (isText(item)) take(item.value.split(":", 1)[0]!, item, joinIndex(`${path}.tmpfs`, index));
  });
  itemsOf(entry(service, "volumes")).forEach((item, index) => {
    const target = entry(item, "target");
    take(isText(target) ? target.value : "", item, joinIndex(`${path}.volumes`, index));
  });
}

function checkWatch(at: ServiceAt): void {
  itemsOf(entry(entry(at.service, "develop"), "watch")).forEach((watch, index) => {
    const action = entry(watch, "action");
    if (entry(watch, "target") || (isText(action) && ["rebuild", "restart"].includes(action.value))) return;
    const path = joinIndex(joinPath(at.path, "develop.watch"), index);
    report(at, "COMPOSE_REQUIRED_KEY", watch, {
      path,
      message: `${path} has no \`target\``,
      hint: "add `target`, or take `develop` away: it has no effect on a server",
    });
  });
}

function followScale(service: MapNode): MapNode {
  const scale = entry(service, "scale");
  const deploy = entry(service, "deploy");
  if (!scale || deploy?.kind !== "map" || entry(deploy, "replicas")) return service;
  const entries = new Map<string, Node>();
  const mode = deploy.entries.get("mode");
  if (mode) entries.set("mode", mode);
  entries.set("replicas", intFrom(scale, numberOf(scale)));
  for (const [key, value] of deploy.entries) if (key !== "mode") entries.set(key, value);
  return withEntries(service, { deploy: { ...deploy, entries } });
}

function checkSecrets(context: Context): void {
  for (const [name, secret] of entriesOf(entry(context.root, "secrets"))) {
    if (entry(secret, "external") || entry(secret, "file") || entry(secret, "environment")) continue;
    report(context, "COMPOSE_REQUIRED_KEY", secret, {
      path: `secrets.${name}`,
      message: `The secret "${name}" has neither \`file\` nor \`environment\``,
      hint: "say where its content comes from",
    });
  }
}

function checkContainerNames(context: Context): void {
  const names = new Map<string, { readonly key: string; readonly node: Node }>();
  for (const [key, service] of context.services.enabled) {
    const name = entry(service, "container_name");
    if (!isText(name)) continue;
    const first = names.get(name.value);
    if (!first) {
      names.set(name.value, { key, node: name });
      continue;
    }
    report(context, "NAME_CONFLICT", name, {
      path: `services.${key}.container_name`,
      message: `The services "${first.key}" (${whereIs(first.node)}) and "${key}" have the container name ${
        show(name)
      }`,
      hint: "give each service a name of its own, or none",
    });
  }
}

function checkCycles(context: Context): void {
  const done = new Set<string>();
  for (const start of context.services.enabled.keys()) {
    const cycle = findCycle(start, context.services.enabled, done);
    if (!cycle) continue;
    const [first, second] = cycle as [string, string];
    const node = entry(entry(context.services.enabled.get(first), "depends_on"), second)!;
    report(context, "DEPENDENCY_CYCLE", node, {
      path: `services.${first}.depends_on.${second}`,
      message: `Services depend on each other: ${cycle.join(" → ")}`,
      hint: "take one of these dependencies away",
    });
    return;
  }
}

/** Depth first without recursion; services that lead to no cycle are remembered. */
function findCycle(start: string, services: ReadonlyMap<string, MapNode>, done: Set<string>): string[] | undefined {
  const path: { readonly key: string; readonly next: string[] }[] = [];
  const enter = (key: string): void => {
    path.push({
      key,
      next: entriesOf(entry(services.get(key), "depends_on")).map(([name]) => name).filter((name) =>
        services.has(name)
      ),
    });
  };
  if (done.has(start)) return undefined;
  enter(start);
  while (path.length > 0) {
    const top = path.at(-1)!;
    const next = top.next.shift();
    if (next === undefined) {
      done.add(top.key);
      path.pop();
      continue;
    }
    const index = path.findIndex((step) => step.key === next);
    if (index !== -1) return [...path.slice(index).map((step) => step.key), next];
    if (!done.has(next)) enter(next);
  }
  return undefined;
}

function numberOf(node: Node): number {
  return node.kind === "scalar" ? Number(node.value) : NaN;
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

function textsOf(node: Node | undefined): readonly (Node & { readonly value: string })[] {
  return itemsOf(node).filter(isText);
}

function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}
