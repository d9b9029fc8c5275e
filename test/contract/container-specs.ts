import type { ContainerSpec } from "../../src/model/container.ts";

export interface SpecNames {
  readonly image: string;
  /** Two networks of the project: Docker names. */
  readonly networks: readonly [string, string];
  readonly volume: string;
  /** An existing folder on the Engine's host. */
  readonly folder: string;
  /** Of the first network, as `10.1.2`. */
  readonly subnet: string;
  /** The first of six free ones. */
  readonly port: number;
}

/** Every field that an Engine of any supported version keeps, each with a value that is nobody's default. */
export function fullSpec({ image, networks, volume, folder, subnet, port }: SpecNames): ContainerSpec {
  return {
    image,
    command: ["-c", "exec sleep 1000"],
    entrypoint: ["/bin/sh"],
    environment: { ADDED: "a=b c", EMPTY: "", PASSED: null, REPLACED: "by the service" },
    labels: { "org.example.role": "all keys" },
    user: "65534:65534",
    workingDir: "/tmp",
    hostname: "full",
    domainname: "example.test",
    tty: true,
    stdinOpen: true,
    stopSignal: "SIGUSR1",
    stopGraceSeconds: 3,
    healthcheck: {
      test: ["CMD-SHELL", "true"],
      intervalMs: 30_000,
      timeoutMs: 5_000,
      startPeriodMs: 1_500,
      retries: 4,
    },
    exposedPorts: ["5000/udp", "7000/tcp"],
    ports: [
      { target: 7000, protocol: "tcp", hostIp: "127.0.0.1", published: String(port) },
      { target: 7000, protocol: "tcp", hostIp: "127.0.0.1", published: `${port + 1}-${port + 5}` },
    ],
    mounts: [
      { type: "volume", source: "", target: "/anonymous", readOnly: false },
      { type: "bind", source: folder, target: "/bound", readOnly: true, createHostPath: false, propagation: "private" },
      { type: "volume", source: volume, target: "/named", readOnly: true },
      { type: "volume", source: volume, target: "/named-no-copy", readOnly: false, noCopy: true },
      { type: "bind", source: `${folder}/made`, target: "/short", readOnly: false, createHostPath: true },
      { type: "tmpfs", source: "", target: "/tmpfs", readOnly: false, tmpfsSizeBytes: 1048576, tmpfsMode: 0o700 },
      {
        type: "tmpfs",
        source: "",
        target: "/tmpfs-short",
        readOnly: false,
        tmpfsSizeBytes: 2097152,
        tmpfsOptions: ["noexec"],
      },
    ],
    networks: [
      {
        key: "front",
        name: networks[0],
        aliases: ["full", "web"],
        linkLocalIps: [],
        driverOptions: {},
        ipv4Address: `${subnet}.77`,
      },
      { key: "back", name: networks[1], aliases: ["web"], linkLocalIps: [], driverOptions: {} },
    ],
    links: [],
    volumesFrom: [],
    extraHosts: ["db.example.test:10.0.0.1", "v6.example.test:fe80::1"],
    dns: ["9.9.9.9", "8.8.8.8"],
    dnsOptions: ["ndots:2"],
    dnsSearch: ["example.test"],
    restart: { name: "on-failure", maximumRetries: 3 },
    logging: { driver: "json-file", options: { "max-file": "2", "max-size": "1m" } },
    resources: {
      memoryBytes: 67108864,
      memoryReservationBytes: 33554432,
      memorySwapBytes: 100663296,
      cpus: 0.5,
      cpuShares: 512,
      cpuset: "0",
      pidsLimit: 50,
    },
    privileged: false,
    readOnly: true,
    init: true,
    capAdd: ["CAP_NET_ADMIN"],
    capDrop: ["CAP_CHOWN"],
    securityOpt: ["no-new-privileges", "systempaths=unconfined"],
    groupAdd: ["1000"],
    devices: [{ source: "/dev/null", target: "/dev/nothing", permissions: "rw" }],
    deviceCgroupRules: ["c 1:3 mr"],
    deviceRequests: [],
    sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
    ulimits: { nofile: { soft: 1024, hard: 2048 } },
    shmSizeBytes: 33554432,
    ipc: "shareable",
    pid: "host",
    cgroup: "private",
    runtime: "runc",
    oomKillDisable: false,
    oomScoreAdj: 200,
  };
}
