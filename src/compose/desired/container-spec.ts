import type { ComposeService } from "../../model/compose.ts";
import type {
  ContainerSpec,
  Healthcheck,
  NetworkAttachment,
  PublishedPort,
  RestartPolicy,
} from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import { containerResources, deviceRequests, plainDevices } from "./container-resources.ts";
import type { DesiredContext } from "../desired.ts";
import type { LoadedProject } from "../load.ts";
import { containerName, nameSeparator } from "./container-name.ts";
import { containerMounts } from "./container-mounts.ts";
import {
  bytesOf,
  type Fields,
  fieldsOf,
  flagOf,
  listOf,
  numberOf,
  said,
  textMapOf,
  textOf,
  textsOf,
} from "./fields.ts";
import { parsePortRange, protocols } from "../forms/ports.ts";
import { securityOptions } from "./security-options.ts";
import { parseDuration } from "../../model/units.ts";

/** How many containers a service has. */
export function replicasOf(service: ComposeService): number {
  return numberOf(service["scale"]) ?? numberOf(fieldsOf(service["deploy"])["replicas"]) ?? 1;
}

/** The container of a service, as Compose would ask the Engine for it. */
export function containerSpec(key: string, context: DesiredContext): ContainerSpec {
  const { model } = context.project;
  const service = model.services[key]!;
  const logging = service["logging"] === undefined ? undefined : fieldsOf(service["logging"]);
  return said({
    image: textOf(service["image"]) ?? "",
    platform: textOf(service["platform"]) ?? context.project.environment.get("DOCKER_DEFAULT_PLATFORM")?.value,
    command: commandOf(service["command"]),
    entrypoint: commandOf(service["entrypoint"]),
    environment: environmentOf(key, context),
    labels: textMapOf(service["labels"]),
    annotations: service["annotations"] === undefined ? undefined : textMapOf(service["annotations"]),
    user: textOf(service["user"]),
    workingDir: textOf(service["working_dir"]),
    hostname: textOf(service["hostname"]),
    domainname: textOf(service["domainname"]),
    macAddress: service["network_mode"] === undefined ? textOf(service["mac_address"]) : undefined,
    tty: flagOf(service["tty"]),
    stdinOpen: flagOf(service["stdin_open"]),
    stopSignal: textOf(service["stop_signal"]),
    stopGraceSeconds: secondsOf(textOf(service["stop_grace_period"])),
    healthcheck: healthcheckOf(service),
    exposedPorts: exposedPortsOf(service),
    ports: portsOf(service),
    mounts: containerMounts(key, context),
    networkMode: textOf(service["network_mode"]),
    networks: attachmentsOf(key, context.project),
    links: linksOf(service, context.project),
    volumesFrom: textsOf(service["volumes_from"]).map((from) => from.replace(/:rw$/, "")),
    extraHosts: textsOf(service["extra_hosts"]).map((host) => host.replace("=", ":")).sort(compareText),
    dns: textsOf(service["dns"]),
    dnsOptions: textsOf(service["dns_opt"]),
    dnsSearch: textsOf(service["dns_search"]),
    restart: restartPolicyOf(service),
    logging: logging && said({ driver: textOf(logging["driver"]), options: textMapOf(logging["options"]) }),
    resources: containerResources(service),
    privileged: flagOf(service["privileged"]),
    readOnly: flagOf(service["read_only"]),
    init: flagOf(service["init"]),
    capAdd: textsOf(service["cap_add"]),
    capDrop: textsOf(service["cap_drop"]),
    securityOpt: securityOptions(key, context),
    groupAdd: textsOf(service["group_add"]),
    devices: plainDevices(service),
    deviceCgroupRules: textsOf(service["device_cgroup_rules"]),
    deviceRequests: deviceRequests(service),
    sysctls: textMapOf(service["sysctls"]),
    ulimits: ulimitsOf(service),
    shmSizeBytes: bytesOf(service["shm_size"]),
    ipc: textOf(service["ipc"]),
    pid: textOf(service["pid"]),
    uts: textOf(service["uts"]),
    usernsMode: textOf(service["userns_mode"]),
    cgroup: textOf(service["cgroup"]),
    cgroupParent: textOf(service["cgroup_parent"]),
    runtime: textOf(service["runtime"]),
    isolation: textOf(service["isolation"]),
    oomKillDisable: flagOf(service["oom_kill_disable"]),
    oomScoreAdj: numberOf(service["oom_score_adj"]),
    storageOpt: service["storage_opt"] === undefined ? undefined : textMapOf(service["storage_opt"]),
  });
}

function commandOf(value: ComposeService[string] | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? textsOf(value) : undefined;
}

/**
 * A key without a value keeps the container from having it, also when the image gives it: as with Compose, only that
 * holdfast takes nothing from the environment of whoever runs it.
 */
function environmentOf(key: string, context: DesiredContext): ContainerSpec["environment"] {
  const environment = fieldsOf(context.project.model.services[key]!["environment"]);
  for (const [name, value] of Object.entries(environment)) {
    if (value !== null) continue;
    context.issues.warning("ENVIRONMENT_UNSET", `services.${key}.environment.${name}`, {
      message: `${name} has no value and \`environment\` gives it none: the container does not get it`,
      hint: `set ${name} in \`environment\` of holdfast.yaml, or take the line away`,
    });
  }
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, textOf(value) ?? null]));
}

function millisecondsOf(duration: string | undefined): number | undefined {
  const value = duration === undefined ? undefined : parseDuration(duration);
  return value === undefined ? undefined : Number(value) / 1e6;
}

function secondsOf(duration: string | undefined): number | undefined {
  const milliseconds = millisecondsOf(duration);
  return milliseconds === undefined ? undefined : Math.trunc(milliseconds / 1000);
}

function healthcheckOf(service: ComposeService): Healthcheck | undefined {
  if (service["healthcheck"] === undefined) return undefined;
  const check = fieldsOf(service["healthcheck"]);
  const time = (key: string): number | undefined => millisecondsOf(textOf(check[key]));
  return said({
    test: flagOf(check["disable"]) ? ["NONE"] : textsOf(check["test"]),
    intervalMs: time("interval"),
    timeoutMs: time("timeout"),
    startPeriodMs: time("start_period"),
    startIntervalMs: time("start_interval"),
    retries: numberOf(check["retries"]),
  });
}

/** `80/tcp` for each port of an `expose` entry such as `80`, `80/udp` or `80-90`; undefined when it is none. */
export function parseExpose(text: string): readonly string[] | undefined {
  const [range = "", protocol = "tcp"] = text.split("/");
  const ports = parsePortRange(range);
  if (!ports || !protocols.includes(protocol.toLowerCase())) return undefined;
  return Array.from(
    { length: ports.end - ports.start + 1 },
    (_, index) => `${ports.start + index}/${protocol.toLowerCase()}`,
  );
}

function exposedPortsOf(service: ComposeService): readonly string[] {
  const exposed = textsOf(service["expose"]).flatMap((text) => parseExpose(text) ?? []);
  const published = listOf(service["ports"]).map(fieldsOf).map((port) =>
    `${numberOf(port["target"]) ?? 0}/${textOf(port["protocol"]) ?? "tcp"}`
  );
  return [...new Set([...exposed, ...published])].sort(compareText);
}

function portsOf(service: ComposeService): readonly PublishedPort[] {
  return listOf(service["ports"]).map(fieldsOf).map((port) => ({
    target: numberOf(port["target"]) ?? 0,
    protocol: textOf(port["protocol"]) ?? "tcp",
    hostIp: textOf(port["host_ip"]) ?? "",
    published: textOf(port["published"]) ?? "",
  }));
}

/** Compose connects by priority, then by key. */
function attachmentsOf(key: string, project: LoadedProject): readonly NetworkAttachment[] {
  const networks = fieldsOf(project.model.services[key]!["networks"]);
  return networkOrder(networks).map((name) => attachment(name, fieldsOf(networks[name]), { key, project }));
}

/** The networks of a service by priority, then by key: the first one is the container's main network. */
export function networkOrder(networks: Fields): readonly string[] {
  const priorityOf = (name: string): number => numberOf(fieldsOf(networks[name])["priority"]) ?? 0;
  return Object.keys(networks).sort((a, b) => priorityOf(b) - priorityOf(a) || compareText(a, b));
}

function attachment(
  name: string,
  network: Fields,
  of: { readonly key: string; readonly project: LoadedProject },
): NetworkAttachment {
  const interfaceName = textOf(network["interface_name"]);
  // several containers share this spec, and the Engine knows each by its own name anyway
  const { model } = of.project;
  const names = replicasOf(model.services[of.key]!) > 1 ? [of.key] : [containerName(of.project, of.key), of.key];
  const aliases = [...names, ...textsOf(network["aliases"])];
  return said({
    key: name,
    name: textOf(fieldsOf(model.networks?.[name])["name"]) ?? name,
    aliases: [...new Set(aliases)].sort(compareText),
    ipv4Address: textOf(network["ipv4_address"]),
    ipv6Address: textOf(network["ipv6_address"]),
    linkLocalIps: textsOf(network["link_local_ips"]),
    macAddress: textOf(network["mac_address"]),
    driverOptions: {
      ...textMapOf(network["driver_opts"]),
      ...(interfaceName !== undefined && { "com.docker.network.endpoint.ifname": interfaceName }),
    },
    gatewayPriority: numberOf(network["gw_priority"]),
  });
}

/** Each container of a linked service under the link's alias and the names that Compose gives its first container. */
function linksOf(service: ComposeService, project: LoadedProject): readonly string[] {
  const { model } = project;
  const separator = nameSeparator(project);
  const own = textsOf(service["links"]).flatMap((link) => {
    const [target = "", alias = target] = link.split(":");
    const first = containerName(project, target);
    const count = model.services[target] ? replicasOf(model.services[target]) : 1;
    const names = Array.from(
      { length: count },
      (_, index) => index === 0 ? first : first.replace(/1$/, `${index + 1}`),
    );
    return names.flatMap((name) =>
      [alias, [target, "1"].join(separator), [model.name, target, "1"].join(separator)].map((as) => `${name}:${as}`)
    );
  });
  const external = textsOf(service["external_links"]).map((link) => link.includes(":") ? link : `${link}:${link}`);
  return [...own, ...external];
}

const restartNames: Readonly<Record<string, RestartPolicy["name"]>> = {
  "": "no",
  none: "no",
  no: "no",
  "on-failure": "on-failure",
  "unless-stopped": "unless-stopped",
  any: "always",
  always: "always",
};

/** What Compose makes of `restart` and `deploy.restart_policy`, which wins; undefined when the Engine would refuse it. */
export function parseRestartPolicy(service: ComposeService): RestartPolicy | undefined {
  const deployed = fieldsOf(service["deploy"])["restart_policy"];
  const [condition = "", count] = deployed === undefined
    ? (textOf(service["restart"]) ?? "").split(":")
    : [textOf(fieldsOf(deployed)["condition"]) ?? "", String(numberOf(fieldsOf(deployed)["max_attempts"]) ?? "")];
  const name = Object.hasOwn(restartNames, condition) ? restartNames[condition] : undefined;
  const retries = count === undefined || count === "" ? 0 : Number(count);
  if (!name || !Number.isInteger(retries) || retries < 0) return undefined;
  if (retries > 0 && name !== "on-failure") return deployed === undefined ? undefined : { name };
  return retries > 0 ? { name, maximumRetries: retries } : { name };
}

function restartPolicyOf(service: ComposeService): RestartPolicy {
  // one that the Engine would refuse is an issue of `check-runnable.ts`
  return parseRestartPolicy(service) ?? { name: "no" };
}

function ulimitsOf(service: ComposeService): ContainerSpec["ulimits"] {
  const limits = fieldsOf(service["ulimits"]);
  return Object.fromEntries(
    Object.keys(limits).sort(compareText).map((name) => {
      const single = numberOf(limits[name]);
      const both = fieldsOf(limits[name]);
      return [name, { soft: single ?? numberOf(both["soft"]) ?? 0, hard: single ?? numberOf(both["hard"]) ?? 0 }];
    }),
  );
}
