import type { BlockIo, ContainerSpec, Resources, RestartPolicy } from "../../model/container.ts";
import { type ApiHostConfig, type ApiThrottle, defined } from "./api.ts";

const nanoPerCpu = 1e9;

/** The part of a creation that is about the host, without mounts and links. */
export function createHostConfig(spec: ContainerSpec, api: number): ApiHostConfig {
  return defined({
    ...resourceLimits(spec.resources),
    Annotations: api >= 43 ? spec.annotations : undefined,
    NetworkMode: spec.networkMode ?? spec.networks[0]?.name ?? "none",
    PortBindings: portBindings(spec),
    VolumesFrom: optional(spec.volumesFrom.map((from) => from.replace(/^container:/, ""))),
    ExtraHosts: optional(spec.extraHosts),
    Dns: optional(spec.dns),
    DnsOptions: optional(spec.dnsOptions),
    DnsSearch: optional(spec.dnsSearch),
    RestartPolicy: restartPolicy(spec.restart),
    LogConfig: spec.logging && { Type: spec.logging.driver ?? "", Config: spec.logging.options },
    Privileged: spec.privileged,
    ReadonlyRootfs: spec.readOnly,
    Init: spec.init,
    CapAdd: optional(spec.capAdd),
    CapDrop: optional(spec.capDrop),
    ...securityOptions(spec.securityOpt),
    GroupAdd: optional(spec.groupAdd),
    Devices: optional(spec.devices.map((device) => ({
      PathOnHost: device.source,
      PathInContainer: device.target,
      CgroupPermissions: device.permissions,
    }))),
    DeviceCgroupRules: optional(spec.deviceCgroupRules),
    DeviceRequests: optional(spec.deviceRequests.map((request) => ({
      Driver: request.driver,
      Count: request.deviceIds.length > 0 ? 0 : request.count,
      DeviceIDs: optional(request.deviceIds),
      Capabilities: request.capabilities,
      Options: request.options,
    }))),
    Sysctls: Object.keys(spec.sysctls).length > 0 ? spec.sysctls : undefined,
    Ulimits: optional(
      Object.keys(spec.ulimits).sort().map((name) => ({
        Name: name,
        Soft: spec.ulimits[name]!.soft,
        Hard: spec.ulimits[name]!.hard,
      })),
    ),
    ShmSize: spec.shmSizeBytes,
    IpcMode: spec.ipc,
    PidMode: spec.pid,
    UTSMode: spec.uts,
    UsernsMode: spec.usernsMode,
    CgroupnsMode: spec.cgroup,
    CgroupParent: spec.cgroupParent,
    Runtime: spec.runtime,
    Isolation: spec.isolation,
    OomKillDisable: spec.oomKillDisable,
    OomScoreAdj: spec.oomScoreAdj,
    StorageOpt: spec.storageOpt,
  });
}

/** Limits as ContainerCreate and ContainerUpdate take them. */
export function resourceLimits(resources: Resources): ApiHostConfig {
  return defined({
    Memory: resources.memoryBytes,
    MemoryReservation: resources.memoryReservationBytes,
    MemorySwap: resources.memorySwapBytes,
    MemorySwappiness: resources.memorySwappiness,
    NanoCpus: resources.cpus === undefined ? undefined : Math.round(resources.cpus * nanoPerCpu),
    CpuShares: resources.cpuShares,
    CpuPeriod: resources.cpuPeriod,
    CpuQuota: resources.cpuQuota,
    CpuRealtimePeriod: resources.cpuRtPeriod,
    CpuRealtimeRuntime: resources.cpuRtRuntime,
    CpusetCpus: resources.cpuset,
    CpuCount: resources.cpuCount,
    CpuPercent: resources.cpuPercent,
    PidsLimit: resources.pidsLimit,
    ...blockIo(resources.blkio ?? {}),
  });
}

function blockIo(blkio: BlockIo): ApiHostConfig {
  const throttles = (devices: BlockIo["deviceReadBps"]): ApiThrottle[] | undefined =>
    optional(devices?.map(({ path, rate }) => ({ Path: path, Rate: rate })) ?? []);
  return {
    BlkioWeight: blkio.weight,
    BlkioWeightDevice: optional(blkio.weightDevice?.map(({ path, weight }) => ({ Path: path, Weight: weight })) ?? []),
    BlkioDeviceReadBps: throttles(blkio.deviceReadBps),
    BlkioDeviceReadIOps: throttles(blkio.deviceReadIops),
    BlkioDeviceWriteBps: throttles(blkio.deviceWriteBps),
    BlkioDeviceWriteIOps: throttles(blkio.deviceWriteIops),
  };
}

/** The Engine refuses a retry limit for every policy but `on-failure`. */
export function restartPolicy(restart: RestartPolicy): NonNullable<ApiHostConfig["RestartPolicy"]> {
  const retries = restart.name === "on-failure" ? restart.maximumRetries : undefined;
  return defined({ Name: restart.name, MaximumRetryCount: retries });
}

/** `systempaths=unconfined` is a word of the clients: the Engine takes it as two empty lists. */
function securityOptions(options: readonly string[]): ApiHostConfig {
  const rest = options.filter((option) => !unconfinedPaths.test(option));
  const unconfined = rest.length < options.length;
  return {
    SecurityOpt: optional(rest),
    MaskedPaths: unconfined ? [] : undefined,
    ReadonlyPaths: unconfined ? [] : undefined,
  };
}

const unconfinedPaths = /^systempaths[=:]unconfined$/;

function portBindings(spec: ContainerSpec): ApiHostConfig["PortBindings"] {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of spec.ports) {
    (bindings[`${port.target}/${port.protocol}`] ??= []).push({ HostIp: port.hostIp, HostPort: port.published });
  }
  return Object.keys(bindings).length > 0 ? bindings : undefined;
}

function optional<T>(values: readonly T[]): T[] | undefined {
  return values.length > 0 ? [...values] : undefined;
}
