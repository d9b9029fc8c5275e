import type { ContainerSpec } from "../model/container.ts";
import { canonicalJson } from "../model/digest.ts";
import { canonicalAddress, canonicalMac } from "../model/addresses.ts";
import { defaultMemorySwapBytes, effectiveCommand } from "../model/engine-defaults.ts";
import type { ImageDefaults } from "../model/observed.ts";
import type { Remedy } from "./finding.ts";
import {
  canonicalCapability,
  canonicalDeviceRule,
  canonicalHost,
  canonicalPath,
  canonicalPermissions,
  canonicalSecurityOption,
  canonicalSignal,
} from "./spelling.ts";

/** One field that is compared as a whole: its name for the operator, its Compose key, and its two values as text. */
export interface ContainerField {
  readonly field: string;
  /** Compose's key, for the position. */
  readonly key: string;
  /**
   * What git says; undefined: nothing, and the default cannot be known (the daemon's configuration has it, or the image is
   * gone), so the field is not compared.
   */
  readonly want: (spec: ContainerSpec, image: ImageDefaults | undefined) => string | undefined;
  /** @param asked of entries that the daemon may add to, those that git names count */
  readonly have: (spec: ContainerSpec, asked: ContainerSpec) => string;
  /** `recreate` when absent. A field whose limit cannot be taken off a live container is recreated to unset it. */
  readonly remedy?: Remedy;
  /** Whether the host's value comes from another field, so that it is no difference of its own. */
  readonly follows?: (want: ContainerSpec, have: ContainerSpec) => boolean;
}

/** Fields that are the same for every container but for its service; those with a name of their own follow elsewhere. */
export const containerFields: readonly ContainerField[] = [
  {
    field: "command",
    key: "command",
    want: (spec, image) =>
      image || spec.command?.length || spec.entrypoint?.length
        ? words(effectiveCommand(spec, image ?? noCommand).command)
        : undefined,
    have: (spec) => words(spec.command),
  },
  {
    field: "entrypoint",
    key: "entrypoint",
    want: (spec, image) =>
      image || spec.entrypoint ? words(effectiveCommand(spec, image ?? noCommand).entrypoint) : undefined,
    have: (spec) => words(spec.entrypoint),
  },
  text("user", "user", (spec) => spec.user, (image) => image.user),
  text("working directory", "working_dir", (spec) => path(spec.workingDir), (image) => path(image.workingDir)),
  text("stop signal", "stop_signal", (spec) => signal(spec.stopSignal), (image) => signal(image.stopSignal)),
  onlyIfAsked("hostname", "hostname", (spec) => spec.hostname),
  text("domain name", "domainname", (spec) => spec.domainname),
  onlyIfAsked("MAC address", "mac_address", (spec) => spec.macAddress && canonicalMac(spec.macAddress)),
  flag("tty", "tty", (spec) => spec.tty),
  flag("stdin", "stdin_open", (spec) => spec.stdinOpen),
  text("stop grace period", "stop_grace_period", (spec) => seconds(spec.stopGraceSeconds)),
  flag("privileged", "privileged", (spec) => spec.privileged),
  flag("read-only root", "read_only", (spec) => spec.readOnly),
  onlyIfAsked("init", "init", (spec) => spec.init === undefined ? undefined : String(spec.init)),
  {
    field: "network mode",
    key: "network_mode",
    want: ({ networkMode }) => networkMode === "default" ? "bridge" : networkMode, // as newer Engines call it
    have: (spec) => spec.networkMode ?? spec.networks[0]?.name ?? "", // a network of the host, by its name
  },
  list("capabilities added", "cap_add", (spec) => spec.capAdd.map(canonicalCapability)),
  list("capabilities dropped", "cap_drop", (spec) => spec.capDrop.map(canonicalCapability)),
  list(
    "security options",
    "security_opt",
    (spec) => spec.securityOpt.filter((option) => !isImpliedSecurity(spec, option)).map(canonicalSecurityOption),
  ),
  list("groups", "group_add", (spec) => spec.groupAdd),
  list("links", "links", (spec) => spec.links),
  list("volumes from", "volumes_from", (spec) => spec.volumesFrom),
  list("extra hosts", "extra_hosts", (spec) => spec.extraHosts.map(canonicalHost)),
  sequence("DNS servers", "dns", (spec) => spec.dns.map(canonicalAddress)),
  sequence("DNS options", "dns_opt", (spec) => spec.dnsOptions),
  sequence("DNS search", "dns_search", (spec) => spec.dnsSearch),
  list("devices", "devices", (spec) => spec.devices.map(deviceText)),
  list("device cgroup rules", "device_cgroup_rules", (spec) => spec.deviceCgroupRules.map(canonicalDeviceRule)),
  list("device requests", "gpus", (spec) => spec.deviceRequests.map(canonicalJson)),
  list("sysctls", "sysctls", (spec) => pairs(spec.sysctls)),
  named("ulimits", "ulimits", (spec) => mapValues(spec.ulimits, ({ soft, hard }) => `${soft}:${hard}`)),
  list("storage options", "storage_opt", (spec) => pairs(spec.storageOpt)),
  list(
    "published ports",
    "ports",
    (spec) => spec.ports.map((port) => portText({ ...port, hostIp: canonicalAddress(port.hostIp) })),
  ),
  {
    field: "exposed ports",
    key: "expose",
    want: (spec, image) => image && sorted([...spec.exposedPorts, ...image.exposedPorts]),
    have: (spec) => sorted(spec.exposedPorts),
  },
  onlyIfAsked("shared memory", "shm_size", (spec) => number(spec.shmSizeBytes)),
  {
    ...text("ipc", "ipc", (spec) => spec.ipc),
    // The daemon's default is either of two; somebody else's namespace never is.
    follows: (want, have) => !want.ipc && (have.ipc === "private" || have.ipc === "shareable"),
  },
  text("pid", "pid", (spec) => spec.pid),
  text("uts", "uts", (spec) => spec.uts),
  text("user namespace", "userns_mode", (spec) => spec.usernsMode),
  onlyIfAsked("cgroup", "cgroup", (spec) => spec.cgroup),
  text("cgroup parent", "cgroup_parent", (spec) => spec.cgroupParent),
  onlyIfAsked("runtime", "runtime", (spec) => spec.runtime),
  onlyIfAsked(
    "OOM kill",
    "oom_kill_disable",
    (spec) => spec.oomKillDisable === undefined ? undefined : String(spec.oomKillDisable),
  ),
  text("OOM score", "oom_score_adj", (spec) => number(spec.oomScoreAdj || undefined)),
  onlyIfAsked("log driver", "logging.driver", (spec) => spec.logging?.driver || undefined),
  named("log options", "logging.options", (spec) => spec.logging?.options ?? {}),
  {
    field: "restart policy",
    key: "restart",
    want: (spec) => restartText(spec.restart),
    have: (spec) => restartText(spec.restart),
    remedy: "update",
  },
  limit("memory limit", "mem_limit", (spec) => spec.resources.memoryBytes),
  limit("memory reservation", "mem_reservation", (spec) => spec.resources.memoryReservationBytes),
  {
    field: "memory and swap limit",
    key: "memswap_limit",
    want: (spec) => {
      const { memoryBytes, memorySwapBytes } = spec.resources;
      return number(memorySwapBytes || (memoryBytes ? defaultMemorySwapBytes(memoryBytes) : undefined)) ?? "";
    },
    have: (spec) => number(spec.resources.memorySwapBytes || undefined) ?? "",
    follows: (want, have) => !want.resources.memorySwapBytes && isImpliedSwap(have.resources),
    remedy: "update",
  },
  onlyIfAsked("memory swappiness", "mem_swappiness", (spec) => number(notNegative(spec.resources.memorySwappiness))),
  limit("CPUs", "cpus", (spec) => spec.resources.cpus),
  limit("CPU shares", "cpu_shares", (spec) => spec.resources.cpuShares),
  recreated("CPU period", "cpu_period", (spec) => spec.resources.cpuPeriod),
  recreated("CPU quota", "cpu_quota", (spec) => spec.resources.cpuQuota),
  recreated("CPU realtime period", "cpu_rt_period", (spec) => spec.resources.cpuRtPeriod),
  recreated("CPU realtime runtime", "cpu_rt_runtime", (spec) => spec.resources.cpuRtRuntime),
  text("CPU set", "cpuset", (spec) => spec.resources.cpuset, undefined, "update"),
  {
    ...limit("process limit", "pids_limit", (spec) => unlimited(spec.resources.pidsLimit)),
    remedy: "update",
  },
  onlyIfAsked("block I/O weight", "blkio_config", ({ resources: { blkio } }) => {
    const weights = { weight: blkio?.weight, weightDevice: blkio?.weightDevice };
    return weights.weight === undefined && weights.weightDevice === undefined ? undefined : canonicalJson(weights);
  }),
  onlyIfAsked("block I/O", "blkio_config", ({ resources: { blkio } }) => {
    const { weight: _, weightDevice: __, ...limits } = blkio ?? {};
    return Object.values(limits).every((limit) => limit === undefined) ? undefined : canonicalJson(limits);
  }),
];

/** `127.0.0.1:8080:80/tcp`, as Compose's short form says it. */
export function portText(port: ContainerSpec["ports"][number]): string {
  const host = [port.hostIp === "0.0.0.0" ? "" : port.hostIp, port.published].filter((part) => part !== "").join(":");
  return `${host}${host ? ":" : ""}${port.target}/${port.protocol}`;
}

function restartText(policy: ContainerSpec["restart"]): string {
  return policy.maximumRetries ? `${policy.name}:${policy.maximumRetries}` : policy.name;
}

/** What the Engine takes for the memory limit that the container has: with that limit the right one comes back. */
function isImpliedSwap({ memoryBytes, memorySwapBytes }: ContainerSpec["resources"]): boolean {
  return (memorySwapBytes || undefined) === (memoryBytes ? defaultMemorySwapBytes(memoryBytes) : undefined);
}

/**
 * Engines add `label=disable` to the options of containers that share the host's namespaces. A privileged container has
 * all paths of the system anyway, and does not tell whether it was asked for.
 */
function isImpliedSecurity(spec: ContainerSpec, option: string): boolean {
  if (option === "systempaths=unconfined") return spec.privileged === true;
  return /^label[=:]disable$/.test(option) && (spec.privileged === true || spec.pid === "host" || spec.ipc === "host");
}

function text(
  field: string,
  key: string,
  value: (spec: ContainerSpec) => string | undefined,
  fallback?: (image: ImageDefaults) => string | undefined,
  remedy?: Remedy,
): ContainerField {
  return {
    field,
    key,
    want: (spec, image) => value(spec) ?? (fallback ? image && (fallback(image) ?? "") : ""),
    have: (spec) => value(spec) ?? "",
    remedy,
  };
}

/** A field whose default depends on the Engine's configuration or version: compared only where git sets it. */
function onlyIfAsked(field: string, key: string, value: (spec: ContainerSpec) => string | undefined): ContainerField {
  return { field, key, want: (spec) => value(spec), have: (spec) => value(spec) ?? "" };
}

function flag(field: string, key: string, value: (spec: ContainerSpec) => boolean | undefined): ContainerField {
  return { field, key, want: (spec) => String(value(spec) ?? false), have: (spec) => String(value(spec) ?? false) };
}

/** Entries with a name each. The daemon's configuration may add some of its own: those that git names are compared. */
function named(
  field: string,
  key: string,
  values: (spec: ContainerSpec) => Readonly<Record<string, string>>,
): ContainerField {
  return {
    field,
    key,
    want: (spec) => sorted(pairs(values(spec))) || undefined,
    have: (spec, asked) =>
      sorted(pairs(values(spec)).filter((pair) => pair.slice(0, pair.indexOf("=")) in values(asked))),
  };
}

/** Order has no meaning. */
function list(field: string, key: string, values: (spec: ContainerSpec) => readonly string[]): ContainerField {
  return { field, key, want: (spec) => sorted(values(spec)), have: (spec) => sorted(values(spec)) };
}

/** Order has a meaning. */
function sequence(field: string, key: string, values: (spec: ContainerSpec) => readonly string[]): ContainerField {
  return { field, key, want: (spec) => values(spec).join(" "), have: (spec) => values(spec).join(" ") };
}

/** A limit that a live container can be given. Taking one off is another matter: see `planRemedy`. */
function limit(field: string, key: string, value: (spec: ContainerSpec) => number | undefined): ContainerField {
  return { ...recreated(field, key, value), remedy: "update" };
}

function recreated(field: string, key: string, value: (spec: ContainerSpec) => number | undefined): ContainerField {
  return {
    field,
    key,
    want: (spec) => number(value(spec) || undefined) ?? "",
    have: (spec) => number(value(spec) || undefined) ?? "",
  };
}

/** 0 and −1 both mean no limit. */
function unlimited(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

/** −1 leaves it to the Engine. */
function notNegative(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 ? value : undefined;
}

function path(value: string | undefined): string | undefined {
  return value && canonicalPath(value);
}

function signal(value: string | undefined): string | undefined {
  return value && canonicalSignal(value);
}

function deviceText({ source, target, permissions }: ContainerSpec["devices"][number]): string {
  return `${canonicalPath(source)}:${canonicalPath(target)}:${canonicalPermissions(permissions)}`;
}

const noCommand = { command: [], entrypoint: [] };

function mapValues<T>(
  map: Readonly<Record<string, T>>,
  text: (value: T) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, text(value)]));
}

function number(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function seconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value} s`;
}

/** As one would type it in a shell; different words give different text. */
function words(values: readonly string[] | undefined): string {
  const quoted = (word: string): string => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  return (values ?? []).map(quoted).join(" ");
}

function pairs(values: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(values ?? {}).map(([name, value]) => `${name}=${value}`);
}

function sorted(values: readonly string[]): string {
  return [...new Set(values)].sort().join(" ");
}
