import type { ImageConfig } from "./image-archive.ts";

/** One image of Mender 2.2: its name, which of `programs/` plays it, and what the real image is known to declare. */
export interface StandInImage {
  readonly reference: string;
  readonly edition: "os" | "enterprise" | "both";
  /** File of `programs/`, without `.sh`. */
  readonly program: string;
  /** Where the real image has its program; containers start it from there. */
  readonly installedAt: string;
  readonly config: ImageConfig;
}

export const MENDER_IMAGES: readonly StandInImage[] = [
  image("mendersoftware/api-gateway:2.0.0", "both", "api-gateway", "/entrypoint.sh", { ports: [443] }),
  image("mendersoftware/gui:2.2.0", "both", "gui", "/entrypoint.sh", { cmd: ["nginx"], ports: [80] }),
  image("mendersoftware/deviceauth:2.1.0", "both", "deviceauth", "/usr/bin/deviceauth", goService("deviceauth")),
  image("mendersoftware/inventory:1.6.0", "both", "inventory", "/usr/bin/inventory", goService("inventory")),
  image("mendersoftware/useradm:1.9.0", "os", "useradm", "/usr/bin/useradm", goService("useradm")),
  image("mendersoftware/deployments:1.8.0", "os", "deployments", "/entrypoint.sh", goService("deployments")),
  image("mendersoftware/mender-conductor:1.5.0", "os", "conductor", "/srv/start_conductor.sh", { ports: [8080, 8090] }),
  image("mongo:3.4", "both", "mongo", "/usr/local/bin/docker-entrypoint.sh", {
    cmd: ["mongod"],
    ports: [27017],
    volumes: ["/data/configdb", "/data/db"],
  }),
  image("elasticsearch:5-alpine", "both", "elasticsearch", "/docker-entrypoint.sh", {
    cmd: ["elasticsearch"],
    ports: [9200, 9300],
    volumes: ["/usr/share/elasticsearch/data"],
  }),
  // The deployment gives it an entrypoint of its own, which then looks for the server in PATH.
  image("redis:5-alpine3.8", "both", "redis-server", "/usr/local/bin/redis-server", {
    cmd: ["/etc/redis/redis.conf"],
    ports: [6379],
    volumes: ["/data"],
  }),
  image("minio/minio:RELEASE.2018-09-25T21-34-43Z", "both", "minio", "/usr/bin/docker-entrypoint.sh", {
    cmd: ["minio"],
    ports: [9000],
    volumes: ["/export"],
  }),
  image("openresty/openresty:1.13.6.2-0-alpine", "both", "storage-proxy", "/usr/local/openresty/bin/openresty", {
    arguments: ["-g", "daemon off;"],
  }),
  enterprise("useradm-enterprise:1.9.0", "useradm", "/usr/bin/useradm-enterprise", goService("useradm")),
  enterprise("deployments-enterprise:1.8.0", "deployments", "/entrypoint.sh", goService("deployments")),
  enterprise("mender-conductor-enterprise:1.5.0", "conductor", "/srv/start_conductor.sh", { ports: [8080, 8090] }),
  enterprise("tenantadm:1.0.0", "tenantadm", "/usr/bin/tenantadm", goService("tenantadm")),
  enterprise("org-welcome-email-preparer:1.5.0", "conductor-worker", "/usr/bin/entrypoint.sh", {}),
  image("mendersoftware/email-sender:1.5.0", "enterprise", "conductor-worker", "/usr/bin/entrypoint.sh", {}),
];

interface Declared {
  /** Follow the program in the image's entrypoint. */
  readonly arguments?: readonly string[];
  readonly cmd?: readonly string[];
  readonly ports?: readonly number[];
  readonly volumes?: readonly string[];
}

function image(
  reference: string,
  edition: StandInImage["edition"],
  program: string,
  installedAt: string,
  declared: Declared,
): StandInImage {
  const { arguments: more = [], cmd, ports = [], volumes = [] } = declared;
  const config = {
    Entrypoint: [installedAt, ...more],
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ...(cmd ? { Cmd: cmd } : {}),
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    Volumes: Object.fromEntries(volumes.map((path) => [path, {}])),
  };
  return { reference, edition, program, installedAt, config };
}

function enterprise(name: string, program: string, installedAt: string, declared: Declared): StandInImage {
  return image(`registry.mender.io/mendersoftware/${name}`, "enterprise", program, installedAt, declared);
}

function goService(name: string): Declared {
  return { arguments: ["--config", `/etc/${name}/config.yaml`], ports: [8080] };
}
