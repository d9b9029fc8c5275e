/** daemon.json of a host. */
type Configuration = (isNewer: boolean) => object;

export const cgroupParent = "holdfast-tests";

/** Daemons by what each of them gives to containers and networks that ask for nothing. */
export const configurations: readonly (readonly [string, Configuration])[] = [
  ["a daemon without a configuration", () => ({})],
  ["a daemon that limits logs, files and shared memory", () => ({
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "3" },
    "default-ulimits": { nofile: { Name: "nofile", Soft: 900, Hard: 1000 }, core: { Name: "core", Soft: 0, Hard: 0 } },
    "default-shm-size": "128M",
    init: true,
    "no-new-privileges": true,
    "live-restore": true,
  })],
  ["a daemon with other drivers, namespaces and names", () => ({
    "log-driver": "local",
    "log-opts": { "max-size": "15m" },
    "default-ipc-mode": "shareable",
    "default-cgroupns-mode": "host",
    "default-runtime": "other",
    runtimes: { other: { path: "runc" } },
    "cgroup-parent": `/${cgroupParent}`,
    "exec-opts": ["native.cgroupdriver=cgroupfs"],
    dns: ["9.9.9.9"],
    "dns-opts": ["ndots:3"],
    "dns-search": ["daemon.test"],
  })],
  ["a daemon with networks of its own", (isNewer) => ({
    "default-cgroupns-mode": "private",
    "default-ipc-mode": "private",
    bip: "10.99.0.1/24",
    ipv6: true,
    "fixed-cidr-v6": "fd00:99::/64",
    "default-address-pools": [{ base: "10.98.0.0/16", size: 24 }],
    mtu: 1400,
    ip: "127.0.0.1",
    icc: false,
    "userland-proxy": false,
    "storage-driver": "overlay2",
    ...(isNewer
      ? {
        "default-network-opts": { bridge: { "com.docker.network.driver.mtu": "1300" } },
        "host-gateway-ips": ["10.99.0.1"],
      }
      : { "host-gateway-ip": "10.99.0.1" }),
  })],
];
