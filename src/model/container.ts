/**
 * A container as Compose's words describe it: what a service asks for, and (through `observed.ts`) what the host has.
 * Plain JSON values only. An absent or null field means "the image's or the Engine's default", which is never drift.
 * Sizes are bytes, times say their unit, CPUs are in units of one CPU.
 */
export interface ContainerSpec {
  readonly image: string;
  readonly platform?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** null: the name alone is passed, as Compose does for a key without a value that `environment` does not give. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** The operator's labels; Compose's and holdfast's own are added when the container is created. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly hostname?: string;
  readonly domainname?: string;
  readonly macAddress?: string;
  readonly tty?: boolean;
  readonly stdinOpen?: boolean;
  readonly stopSignal?: string;
  readonly stopGraceSeconds?: number;
  readonly healthcheck?: Healthcheck;
  /** `80/tcp`, of `expose` and `ports` together, sorted. */
  readonly exposedPorts: readonly string[];
  readonly ports: readonly PublishedPort[];
  /** Sorted by target. */
  readonly mounts: readonly Mount[];
  /** `host`, `none`, `bridge`, `container:NAME` or `service:KEY`; undefined when `networks` says it. */
  readonly networkMode?: string;
  /** In the order in which they are connected (priority, then key); the first is given at creation. */
  readonly networks: readonly NetworkAttachment[];
  readonly links: readonly string[];
  /** `KEY[:mode]` of a service, or `container:NAME[:mode]`. */
  readonly volumesFrom: readonly string[];
  readonly extraHosts: readonly string[];
  readonly dns: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly restart: RestartPolicy;
  readonly logging?: { readonly driver?: string; readonly options: Readonly<Record<string, string>> };
  readonly resources: Resources;
  readonly privileged?: boolean;
  readonly readOnly?: boolean;
  readonly init?: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly groupAdd: readonly string[];
  readonly devices: readonly Device[];
  readonly deviceCgroupRules: readonly string[];
  readonly deviceRequests: readonly DeviceRequest[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly shmSizeBytes?: number;
  readonly ipc?: string;
  readonly pid?: string;
  readonly uts?: string;
  readonly usernsMode?: string;
  readonly cgroup?: string;
  readonly cgroupParent?: string;
  readonly runtime?: string;
  readonly isolation?: string;
  readonly oomKillDisable?: boolean;
  readonly oomScoreAdj?: number;
  readonly storageOpt?: Readonly<Record<string, string>>;
}

export interface Healthcheck {
  /** As the Engine takes it: `["CMD", …]`, `["CMD-SHELL", "…"]`, `["NONE"]`; empty: the image's. */
  readonly test: readonly string[];
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly startPeriodMs?: number;
  readonly startIntervalMs?: number;
  readonly retries?: number;
}

export interface PublishedPort {
  readonly target: number;
  readonly protocol: string;
  /** "" publishes on all addresses. */
  readonly hostIp: string;
  /** A port, or a range `8000-8005` of which the Engine takes a free one; "" lets the Engine choose. */
  readonly published: string;
}

export interface Mount {
  readonly type: "bind" | "volume" | "tmpfs" | "npipe" | "cluster" | "image";
  /** An absolute host path, or a volume's Docker name; "" for tmpfs and anonymous volumes. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Short binds let Docker make a missing folder; holdfast still refuses a missing source inside the checkout or the keys. */
  readonly createHostPath?: boolean;
  readonly propagation?: string;
  readonly selinux?: "z" | "Z";
  readonly recursive?: string;
  readonly noCopy?: boolean;
  readonly subpath?: string;
  /** Of a volume that is made with the container. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly tmpfsSizeBytes?: number;
  readonly tmpfsMode?: number;
  /** Of Compose's short `tmpfs:`: its options beyond size, mode and `ro`, sorted: `noexec`, `uid=1000`. */
  readonly tmpfsOptions?: readonly string[];
  readonly consistency?: string;
}

export interface NetworkAttachment {
  /** Compose's key, by which drift names it. */
  readonly key: string;
  /** The Docker network's name. */
  readonly name: string;
  /** Sorted; holds what Compose always adds (service key and, with 20.10, nothing of the Engine's own). */
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly linkLocalIps: readonly string[];
  readonly macAddress?: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly gatewayPriority?: number;
}

export interface RestartPolicy {
  readonly name: "no" | "always" | "on-failure" | "unless-stopped";
  readonly maximumRetries?: number;
}

export interface Resources {
  readonly memoryBytes?: number;
  readonly memoryReservationBytes?: number;
  /** −1 is unlimited; absent: the Engine takes twice the memory limit. */
  readonly memorySwapBytes?: number;
  readonly memorySwappiness?: number;
  readonly cpus?: number;
  readonly cpuShares?: number;
  readonly cpuPeriod?: number;
  readonly cpuQuota?: number;
  readonly cpuRtPeriod?: number;
  readonly cpuRtRuntime?: number;
  readonly cpuset?: string;
  readonly cpuCount?: number;
  readonly cpuPercent?: number;
  readonly pidsLimit?: number;
  readonly blkio?: BlockIo;
}

export interface BlockIo {
  readonly weight?: number;
  readonly weightDevice?: readonly { readonly path: string; readonly weight: number }[];
  readonly deviceReadBps?: readonly ThrottleDevice[];
  readonly deviceReadIops?: readonly ThrottleDevice[];
  readonly deviceWriteBps?: readonly ThrottleDevice[];
  readonly deviceWriteIops?: readonly ThrottleDevice[];
}

export interface ThrottleDevice {
  readonly path: string;
  readonly rate: number;
}

export interface Device {
  readonly source: string;
  readonly target: string;
  readonly permissions: string;
}

export interface DeviceRequest {
  readonly driver: string;
  /** −1 is all. */
  readonly count: number;
  readonly deviceIds: readonly string[];
  readonly capabilities: readonly (readonly string[])[];
  readonly options: Readonly<Record<string, string>>;
}

/** A Docker network as Compose describes it. */
export interface NetworkSpec {
  readonly name: string;
  readonly driver?: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly enableIpv4?: boolean;
  readonly enableIpv6?: boolean;
  readonly ipam: {
    readonly driver?: string;
    readonly options: Readonly<Record<string, string>>;
    readonly configs: readonly IpamConfig[];
  };
  readonly labels: Readonly<Record<string, string>>;
}

export interface IpamConfig {
  readonly subnet?: string;
  readonly ipRange?: string;
  readonly gateway?: string;
  readonly auxAddresses: Readonly<Record<string, string>>;
}

/** A Docker volume as Compose describes it. */
export interface VolumeSpec {
  readonly name: string;
  readonly driver?: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}
