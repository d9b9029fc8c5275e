/*
 * What the Engine API answers, as far as it is read here. Everything may be null or absent: Engines differ in what they
 * leave out.
 */

export type Maybe<T> = T | null | undefined;
export type Strings = Maybe<Record<string, string>>;

export interface ApiContainerEntry {
  readonly Id: string;
  readonly Names: Maybe<readonly string[]>;
  readonly Image: string;
  readonly ImageID: string;
  readonly Labels: Strings;
  readonly State: string;
  readonly Status: string;
  readonly Ports: Maybe<readonly { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[]>;
  readonly NetworkSettings: Maybe<{ Networks: Maybe<Record<string, ApiEndpoint>> }>;
}

export interface ApiContainer {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    Status: string;
    ExitCode: number;
    OOMKilled: boolean;
    Error: string;
    StartedAt: string;
    FinishedAt: string;
    Health?: Maybe<{ Status: string }>;
  };
  readonly Config: ApiContainerConfig;
  readonly HostConfig: ApiHostConfig;
  readonly Mounts: Maybe<readonly ApiMountPoint[]>;
  readonly NetworkSettings: Maybe<{ Networks: Maybe<Record<string, ApiEndpoint>> }>;
}

export interface ApiContainerConfig {
  Image?: string;
  Hostname?: string;
  Domainname?: string;
  User?: string;
  Tty?: boolean;
  OpenStdin?: boolean;
  Env?: Maybe<readonly string[]>;
  Cmd?: Maybe<readonly string[]>;
  Entrypoint?: Maybe<readonly string[]>;
  Labels?: Strings;
  WorkingDir?: string;
  StopSignal?: string;
  StopTimeout?: Maybe<number>;
  Healthcheck?: Maybe<ApiHealthcheck>;
  ExposedPorts?: Maybe<Record<string, unknown>>;
  Volumes?: Maybe<Record<string, unknown>>;
  MacAddress?: string;
  NetworkDisabled?: boolean;
}

/** Durations in nanoseconds. */
export interface ApiHealthcheck {
  Test?: Maybe<readonly string[]>;
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

export interface ApiHostConfig {
  Annotations?: Strings;
  Binds?: Maybe<readonly string[]>;
  Mounts?: Maybe<readonly ApiMount[]>;
  Tmpfs?: Strings;
  NetworkMode?: string;
  PortBindings?: Maybe<Record<string, Maybe<readonly { HostIp?: string; HostPort?: string }[]>>>;
  Links?: Maybe<readonly string[]>;
  VolumesFrom?: Maybe<readonly string[]>;
  ExtraHosts?: Maybe<readonly string[]>;
  Dns?: Maybe<readonly string[]>;
  DnsOptions?: Maybe<readonly string[]>;
  DnsSearch?: Maybe<readonly string[]>;
  RestartPolicy?: Maybe<{ Name?: string; MaximumRetryCount?: number }>;
  LogConfig?: Maybe<{ Type?: string; Config?: Strings }>;
  Privileged?: boolean;
  ReadonlyRootfs?: boolean;
  Init?: Maybe<boolean>;
  CapAdd?: Maybe<readonly string[]>;
  CapDrop?: Maybe<readonly string[]>;
  SecurityOpt?: Maybe<readonly string[]>;
  MaskedPaths?: Maybe<readonly string[]>;
  ReadonlyPaths?: Maybe<readonly string[]>;
  GroupAdd?: Maybe<readonly string[]>;
  Devices?: Maybe<readonly { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[]>;
  DeviceCgroupRules?: Maybe<readonly string[]>;
  DeviceRequests?: Maybe<readonly ApiDeviceRequest[]>;
  Sysctls?: Strings;
  Ulimits?: Maybe<readonly { Name: string; Soft: number; Hard: number }[]>;
  ShmSize?: number;
  IpcMode?: string;
  PidMode?: string;
  UTSMode?: string;
  UsernsMode?: string;
  CgroupnsMode?: string;
  CgroupParent?: string;
  Runtime?: string;
  Isolation?: string;
  OomKillDisable?: Maybe<boolean>;
  OomScoreAdj?: number;
  StorageOpt?: Strings;
  Memory?: number;
  MemoryReservation?: number;
  MemorySwap?: number;
  MemorySwappiness?: Maybe<number>;
  NanoCpus?: number;
  CpuShares?: number;
  CpuPeriod?: number;
  CpuQuota?: number;
  CpuRealtimePeriod?: number;
  CpuRealtimeRuntime?: number;
  CpusetCpus?: string;
  CpuCount?: number;
  CpuPercent?: number;
  PidsLimit?: Maybe<number>;
  BlkioWeight?: number;
  BlkioWeightDevice?: Maybe<readonly { Path: string; Weight: number }[]>;
  BlkioDeviceReadBps?: Maybe<readonly ApiThrottle[]>;
  BlkioDeviceReadIOps?: Maybe<readonly ApiThrottle[]>;
  BlkioDeviceWriteBps?: Maybe<readonly ApiThrottle[]>;
  BlkioDeviceWriteIOps?: Maybe<readonly ApiThrottle[]>;
}

export interface ApiThrottle {
  readonly Path: string;
  readonly Rate: number;
}

export interface ApiDeviceRequest {
  Driver?: string;
  Count?: number;
  DeviceIDs?: Maybe<readonly string[]>;
  Capabilities?: Maybe<readonly (readonly string[])[]>;
  Options?: Strings;
}

/** A mount as it was asked for. */
export interface ApiMount {
  Type: string;
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: Maybe<{
    Propagation?: string;
    CreateMountpoint?: boolean;
    NonRecursive?: boolean;
    ReadOnlyNonRecursive?: boolean;
    ReadOnlyForceRecursive?: boolean;
  }>;
  VolumeOptions?: Maybe<{ NoCopy?: boolean; Subpath?: string; Labels?: Strings }>;
  ImageOptions?: Maybe<{ Subpath?: string }>;
  TmpfsOptions?: Maybe<{ SizeBytes?: number; Mode?: number }>;
}

/** A mount as it was resolved: the only place that names an anonymous volume. */
export interface ApiMountPoint {
  readonly Type?: string;
  readonly Name?: string;
  readonly Destination: string;
  readonly RW?: boolean;
}

export interface ApiEndpoint {
  NetworkID?: string;
  Aliases?: Maybe<readonly string[]>;
  Links?: Maybe<readonly string[]>;
  IPAMConfig?: Maybe<{ IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: Maybe<readonly string[]> }>;
  MacAddress?: string;
  DriverOpts?: Strings;
  GwPriority?: number;
}

export interface ApiNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Options?: Strings;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6?: boolean;
  readonly IPAM?: Maybe<{ Driver?: string; Options?: Strings; Config?: Maybe<readonly ApiIpamConfig[]> }>;
  readonly Labels?: Strings;
}

export interface ApiIpamConfig {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Strings;
}

export interface ApiVolume {
  readonly Name: string;
  readonly Driver: string;
  readonly Options?: Strings;
  readonly Labels?: Strings;
}

export interface ApiImageEntry {
  readonly Id: string;
  readonly RepoTags: Maybe<readonly string[]>;
  readonly RepoDigests: Maybe<readonly string[]>;
}

export interface ApiImage {
  readonly Id: string;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Config?: Maybe<ApiContainerConfig>;
}

export interface ApiEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { ID: string; Attributes?: Strings };
}

/** Drops what is undefined, so that the Engine's own default applies. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** A map as text pairs in a fixed order. */
export function sortedMap(map: Strings): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).sort(([a], [b]) => a < b ? -1 : 1));
}
