import type { ComposeService } from "../../model/compose.ts";
import type { ContainerSpec, Healthcheck, PublishedPort } from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import { containerResources, deviceRequests, plainDevices } from "./container-resources.ts";
import type { DesiredContext } from "../desired.ts";
import { containerMounts } from "./container-mounts.ts";
import { attachmentsOf, linksOf } from "./container-networks.ts";
import { bytesOf, fieldsOf, flagOf, listOf, numberOf, said, textMapOf, textOf, textsOf } from "./fields.ts";
import { expandExposed } from "../forms/ports.ts";
import { restartPolicyOf } from "./restart-policy.ts";
import { securityOptions } from "./security-options.ts";
import { parseDuration } from "../../model/units.ts";

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

function exposedPortsOf(service: ComposeService): readonly string[] {
  const exposed = textsOf(service["expose"]).flatMap(expandExposed);
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
