import { type ConsistencyContext, report, type ServiceAt, writtenService } from "./_consistency.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkDeploy, numberOf } from "./check-deploy.ts";
import { checkReferences } from "./check-references.ts";
import {
  entriesOf,
  entry,
  holdsBroken,
  intFrom,
  isText,
  itemsOf,
  type MapNode,
  type Node,
  quote,
  show,
  textsOf,
  whereIs,
  withEntries,
} from "../tree/node.ts";
import { ignoredKey, ignoredServiceKeys } from "../keys.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { suggest } from "../suggest.ts";

/**
 * Holds the project against Compose's own rules: references, exclusive keys, double values, cycles.
 *
 * @returns the enabled services, with `deploy.replicas` following `scale`
 */
export function checkConsistency(context: ConsistencyContext): ReadonlyMap<string, MapNode> {
  const checked = new Map<string, MapNode>();
  const services: ServiceAt[] = [];
  for (const [key, service] of context.services.enabled) {
    const at: ServiceAt = { ...context, key, service, path: `services.${key}` };
    checkImage(at);
    checkBuild(at);
    checkNetworks(at);
    checkHealthcheck(at);
    services.push(at);
    checkDeploy(at);
    checkTargets(at);
    checkWatch(at);
    checkUnprinted(at);
    checked.set(key, followScale(service));
  }
  checkReferences(services);
  checkSecrets(context);
  checkContainerNames(context);
  checkCycles(context);
  return checked;
}

function checkImage(at: ServiceAt): void {
  const { service, path, key } = at;
  const written = writtenService(at, key);
  const isUnknown = at.collector.hasErrorAt(path) || at.collector.hasUnknownSection() ||
    holdsBroken(entry(written, "image")) ||
    holdsBroken(entry(written, "extends"));
  if (isUnknown || ["image", "build", "provider"].some((source) => entry(service, source))) return;
  const empty = entry(written, "image");
  if (empty) {
    report(at, "SERVICE_WITHOUT_IMAGE", empty, {
      path: `${path}.image`,
      message: `The \`image\` of the service "${key}" is empty`,
      hint: "write a name with its tag, such as nginx:1.27; a variable in it may have no value",
    });
    return;
  }
  const others = entriesOf(entry(at.written, "services")).map(([name]) => name).filter((name) => name !== key);
  const near = suggest(key, others);
  report(at, "SERVICE_WITHOUT_IMAGE", service, {
    path,
    message: `The service "${key}" has neither \`image\` nor \`build\``,
    hint: near
      ? `did you mean "${near}"? Otherwise add \`image\``
      : "add `image`; if another Compose file gives it, list that file too",
  });
}

function checkBuild(at: ServiceAt): void {
  const { service, path, key } = at;
  const build = entry(service, "build");
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
    if (other && entry(writtenService(at, target), "build")) continue;
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
  if (holdsBroken(entry(entry(writtenService(at, key), "build"), "platforms"))) return;
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
    const path = joinIndex(joinPath(at.path, "develop.watch"), index);
    // one whose action or target cannot be read is reported already
    if (
      entry(watch, "target") || at.collector.hasErrorAt(path) || !isText(action) ||
      ["rebuild", "restart"].includes(action.value)
    ) return;
    report(at, "COMPOSE_REQUIRED_KEY", watch, {
      path,
      message: `${path} has no \`target\``,
      hint: "add `target`, or take `develop` away: it has no effect on a server",
    });
  });
}

/** Warns of a key without effect that Compose does not even print: the model has nothing to warn of. */
function checkUnprinted(at: ServiceAt): void {
  const written = entry(writtenService(at, at.key), "pull_refresh_after");
  if (!written) return;
  const path = `${at.path}.pull_refresh_after`;
  const { message, hint } = ignoredKey(path, ignoredServiceKeys["pull_refresh_after"]!);
  at.collector.warning("KEY_IGNORED", message, { place: written.place, path, hint });
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

function checkSecrets(context: ConsistencyContext): void {
  for (const [name, secret] of entriesOf(entry(context.root, "secrets"))) {
    if (entry(secret, "external") || entry(secret, "file") || entry(secret, "environment")) continue;
    if (context.collector.hasErrorAt(`secrets.${name}`)) continue;
    const written = entry(entry(context.written, "secrets"), name);
    const empty = entry(written, "file") ?? entry(written, "environment");
    report(context, "COMPOSE_REQUIRED_KEY", empty ?? secret, {
      path: `secrets.${name}`,
      message: empty
        ? `The \`${entry(written, "file") ? "file" : "environment"}\` of the secret "${name}" is empty`
        : `The secret "${name}" has neither \`file\` nor \`environment\``,
      hint: "say where its content comes from",
    });
  }
}

function checkContainerNames(context: ConsistencyContext): void {
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
