import type {
  BlockIo,
  ContainerSpec,
  Device,
  DeviceRequest,
  PublishedPort,
  Resources,
  RestartPolicy,
} from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import { type ApiHostConfig, type ApiThrottle, defined, type Maybe, sortedMap } from "./api.ts";

type HostPart = Pick<
  ContainerSpec,
  | "annotations"
  | "ports"
  | "extraHosts"
  | "dns"
  | "dnsOptions"
  | "dnsSearch"
  | "restart"
  | "logging"
  | "resources"
  | "privileged"
  | "readOnly"
  | "init"
  | "capAdd"
  | "capDrop"
  | "securityOpt"
  | "groupAdd"
  | "devices"
  | "deviceCgroupRules"
  | "deviceRequests"
  | "sysctls"
  | "ulimits"
  | "shmSizeBytes"
  | "uts"
  | "usernsMode"
  | "cgroup"
  | "cgroupParent"
  | "runtime"
  | "isolation"
  | "oomKillDisable"
  | "oomScoreAdj"
  | "storageOpt"
>;

/** What the Engine holds of a container that is about the host. Zero and "" mean "not set" throughout the Engine API. */
export function readHostConfig(host: ApiHostConfig): HostPart {
  return {
    annotations: mapOrNothing(host.Annotations),
    ports: readPorts(host.PortBindings),
    extraHosts: [...(host.ExtraHosts ?? [])].sort(),
    dns: host.Dns ?? [],
    dnsOptions: host.DnsOptions ?? [],
    dnsSearch: host.DnsSearch ?? [],
    restart: readRestart(host.RestartPolicy),
    logging: { driver: host.LogConfig?.Type || undefined, options: sortedMap(host.LogConfig?.Config) },
    resources: readResources(host),
    privileged: host.Privileged ?? false,
    readOnly: host.ReadonlyRootfs ?? false,
    init: host.Init ?? undefined,
    capAdd: host.CapAdd ?? [],
    capDrop: host.CapDrop ?? [],
    securityOpt: readSecurity(host),
    groupAdd: host.GroupAdd ?? [],
    devices: (host.Devices ?? []).map((device): Device => ({
      source: device.PathOnHost,
      target: device.PathInContainer,
      permissions: device.CgroupPermissions,
    })),
    deviceCgroupRules: host.DeviceCgroupRules ?? [],
    deviceRequests: (host.DeviceRequests ?? []).map((request): DeviceRequest => ({
      driver: request.Driver ?? "",
      count: request.Count ?? 0,
      deviceIds: request.DeviceIDs ?? [],
      capabilities: request.Capabilities ?? [],
      options: sortedMap(request.Options),
    })),
    sysctls: sortedMap(host.Sysctls),
    ulimits: readUlimits(host.Ulimits ?? []),
    shmSizeBytes: host.ShmSize || undefined,
    uts: host.UTSMode || undefined,
    usernsMode: host.UsernsMode || undefined,
    cgroup: host.CgroupnsMode || undefined,
    cgroupParent: host.CgroupParent || undefined,
    runtime: host.Runtime || undefined,
    isolation: host.Isolation || undefined,
    oomKillDisable: host.OomKillDisable ?? false,
    oomScoreAdj: host.OomScoreAdj || undefined,
    storageOpt: mapOrNothing(host.StorageOpt),
  };
}

/** The Engine keeps them in the order in which they were sent. */
function readUlimits(limits: NonNullable<ApiHostConfig["Ulimits"]>): ContainerSpec["ulimits"] {
  const entries = limits.map((limit) => [limit.Name, { soft: limit.Soft, hard: limit.Hard }] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
}

/** 20.10 leaves the name empty where 26 says `no`. */
function readRestart(policy: ApiHostConfig["RestartPolicy"]): RestartPolicy {
  const name = (policy?.Name || "no") as RestartPolicy["name"];
  return policy?.MaximumRetryCount ? { name, maximumRetries: policy.MaximumRetryCount } : { name };
}

/** Empty lists, where a container that is not privileged has them, are the clients' `systempaths=unconfined`. */
function readSecurity(host: ApiHostConfig): string[] {
  const unconfined = !host.Privileged && host.MaskedPaths?.length === 0 && host.ReadonlyPaths?.length === 0;
  return [...(host.SecurityOpt ?? []), ...(unconfined ? ["systempaths=unconfined"] : [])];
}

function readPorts(bindings: ApiHostConfig["PortBindings"]): PublishedPort[] {
  const ports: PublishedPort[] = [];
  for (const [name, hosts] of Object.entries(bindings ?? {})) {
    const [target = "", protocol = "tcp"] = name.split("/");
    for (const { HostIp, HostPort } of hosts ?? []) {
      ports.push({ target: Number(target), protocol, hostIp: HostIp ?? "", published: HostPort ?? "" });
    }
  }
  const sortKey = (port: PublishedPort) => [port.protocol, port.hostIp, port.published].join(" ");
  return ports.sort((a, b) => a.target - b.target || (sortKey(a) < sortKey(b) ? -1 : 1));
}

const nanoPerCpu = 1e9;

function readResources(host: ApiHostConfig): Resources {
  const blkio = readBlockIo(host);
  return defined({
    memoryBytes: host.Memory || undefined,
    memoryReservationBytes: host.MemoryReservation || undefined,
    memorySwapBytes: host.MemorySwap || undefined,
    memorySwappiness: host.MemorySwappiness === -1 ? undefined : host.MemorySwappiness ?? undefined,
    cpus: host.NanoCpus ? host.NanoCpus / nanoPerCpu : undefined,
    cpuShares: host.CpuShares || undefined,
    cpuPeriod: host.CpuPeriod || undefined,
    cpuQuota: host.CpuQuota || undefined,
    cpuRtPeriod: host.CpuRealtimePeriod || undefined,
    cpuRtRuntime: host.CpuRealtimeRuntime || undefined,
    cpuset: host.CpusetCpus || undefined,
    cpuCount: host.CpuCount || undefined,
    cpuPercent: host.CpuPercent || undefined,
    pidsLimit: host.PidsLimit && host.PidsLimit > 0 ? host.PidsLimit : undefined,
    blkio: Object.keys(blkio).length > 0 ? blkio : undefined,
  });
}

function readBlockIo(host: ApiHostConfig): BlockIo {
  const throttles = (devices: Maybe<readonly ApiThrottle[]>) =>
    devices && devices.length > 0 ? devices.map(({ Path, Rate }) => ({ path: Path, rate: Rate })) : undefined;
  const weights = host.BlkioWeightDevice ?? [];
  return defined({
    weight: host.BlkioWeight || undefined,
    weightDevice: weights.length > 0 ? weights.map(({ Path, Weight }) => ({ path: Path, weight: Weight })) : undefined,
    deviceReadBps: throttles(host.BlkioDeviceReadBps),
    deviceReadIops: throttles(host.BlkioDeviceReadIOps),
    deviceWriteBps: throttles(host.BlkioDeviceWriteBps),
    deviceWriteIops: throttles(host.BlkioDeviceWriteIOps),
  });
}

function mapOrNothing(map: Maybe<Record<string, string>>): Record<string, string> | undefined {
  return map && Object.keys(map).length > 0 ? sortedMap(map) : undefined;
}
