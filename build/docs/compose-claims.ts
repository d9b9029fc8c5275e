import type { ComposeIssueCode } from "../../src/compose/codes.ts";

/** One thing that the page says of the loader, with a project that shows it: a test loads each. */
export interface Claim {
  readonly what: string;
  readonly code: ComposeIssueCode;
  readonly severity: "error" | "warning";
  /** `compose.yaml` of the project that shows it. */
  readonly project: string;
}

const error = (what: string, code: ComposeIssueCode, project: string): Claim => ({
  what,
  code,
  severity: "error",
  project,
});
const warning = (what: string, code: ComposeIssueCode, project: string): Claim => ({
  what,
  code,
  severity: "warning",
  project,
});

/** What Compose starts to carry out and the Engine, or an operator, trips over later. */
export const checkedBeyondCompose: readonly Claim[] = [
  error(
    "a restart policy that the Engine does not know",
    "RESTART_POLICY",
    "services: { a: { image: x, restart: sometimes } }",
  ),
  error(
    "two services, or several containers of one, on the same port and address of the host",
    "PORT_CONFLICT",
    'services: { a: { image: x, ports: ["80:80"] }, b: { image: x, ports: ["127.0.0.1:80:80"] } }',
  ),
  error(
    "a `container_name` that a container of another service has of its own accord, such as `PROJECT-web-1`",
    "NAME_CONFLICT",
    "name: shop\nservices: { web: { image: x }, b: { image: x, container_name: shop-web-1 } }",
  ),
  error(
    "a bound file that is in neither the revision nor the keys bundle: Docker would make an empty folder of it",
    "BIND_SOURCE_MISSING",
    'services: { a: { image: x, volumes: ["./nginx.conf:/etc/nginx.conf:ro"] } }',
  ),
  error(
    "the file of a secret or config that is not there",
    "BIND_SOURCE_MISSING",
    "services: { a: { image: x, secrets: [s] } }\nsecrets: { s: { file: ./secret } }",
  ),
  error(
    "a volume with a name of one letter, which Compose takes for a Windows drive and makes an anonymous volume of",
    "COMPOSE_VALUE",
    'services: { a: { image: x, volumes: ["v:/data"] } }\nvolumes: { v: }',
  ),
  error(
    "a mount whose target is no absolute path",
    "COMPOSE_VALUE",
    "services: { a: { image: x, volumes: [{ type: volume, source: data, target: data }] } }\nvolumes: { data: }",
  ),
  error(
    "a MAC or IP address that is none",
    "COMPOSE_VALUE",
    "services: { a: { image: x, networks: { n: { ipv4_address: 1.2.3 } } } }\nnetworks: { n: }",
  ),
  error(
    "two MAC addresses for the main network of a service",
    "COMPOSE_CONFLICT",
    `services:
  a: { image: x, mac_address: "02:42:ac:11:00:02", networks: { n: { mac_address: "02:42:ac:11:00:03" } } }
networks: { n: }`,
  ),
  error("an entry of `expose` that is no port", "COMPOSE_VALUE", "services: { a: { image: x, expose: [a] } }"),
  error(
    "a negative `stop_grace_period`",
    "COMPOSE_VALUE",
    "services: { a: { image: x, stop_grace_period: -5s } }",
  ),
  error(
    "waiting for `service_healthy` on a service whose health check is switched off",
    "COMPOSE_CONFLICT",
    `services:
  a: { image: x, depends_on: { b: { condition: service_healthy } } }
  b: { image: x, healthcheck: { disable: true } }`,
  ),
  warning(
    "the same on a service that has no health check in these files; its image may bring one",
    "COMPOSE_CONFLICT",
    "services: { a: { image: x, depends_on: { b: { condition: service_healthy } } }, b: { image: x } }",
  ),
  warning(
    '`healthcheck: { test: NONE }`, which is run as a command; `test: ["NONE"]` is meant',
    "COMPOSE_VALUE",
    "services: { a: { image: x, healthcheck: { test: NONE } } }",
  ),
  error(
    "`start_interval` of a health check without `start_period`",
    "COMPOSE_REQUIRED_KEY",
    "services: { a: { image: x, healthcheck: { test: [CMD, t], start_interval: 1s } } }",
  ),
  error(
    "an external secret or config, or one with a `driver`: only a swarm has them",
    "SECRET_SOURCE",
    "services: { a: { image: x, secrets: [s] } }\nsecrets: { s: { external: true } }",
  ),
  error(
    "what the Engine would refuse in the middle of an apply: a name that is none (of an image, a container, a volume)",
    "COMPOSE_VALUE",
    'services: { a: { image: "Web:1" } }',
  ),
  error(
    "a capability, signal, namespace, platform, security option, log driver or option of it, propagation, protocol, option of a tmpfs or limit in `ulimits` that Linux or the Engine does not know",
    "COMPOSE_VALUE",
    "services: { a: { image: x, cap_add: [NET_ADMN] } }",
  ),
  error(
    "a kernel parameter in `sysctls` that containers do not have of their own",
    "COMPOSE_VALUE",
    "services: { a: { image: x, sysctls: { vm.max_map_count: 262144 } } }",
  ),
  error(
    "limits that the Engine does not grant: memory below 6 MB, more reserved than allowed, `memswap_limit` without `mem_limit`, `cpus` beside `cpu_quota`",
    "COMPOSE_VALUE",
    "services: { a: { image: x, mem_limit: 4m } }",
  ),
  error(
    "ports, `expose`, `hostname`, `dns`, `extra_hosts` or `links` of a service whose network is another container's",
    "COMPOSE_CONFLICT",
    'services: { a: { image: x, network_mode: "service:b", ports: ["80:80"] }, b: { image: x } }',
  ),
  warning(
    "ports of a service on the host's network, where they have no effect",
    "COMPOSE_CONFLICT",
    'services: { a: { image: x, network_mode: host, ports: ["80:80"] } }',
  ),
  error(
    "a subnet, gateway or range of addresses that is none, lies outside or overlaps with another one",
    "COMPOSE_VALUE",
    "services: { a: { image: x } }\nnetworks: { default: { ipam: { config: [{ subnet: 10.8.0.0/24, gateway: 10.1.1.1 }] } } }",
  ),
  error(
    "a fixed address outside the subnets of its network, in a network without one, or that is taken",
    "COMPOSE_VALUE",
    "services: { a: { image: x, networks: { default: { ipv4_address: 10.8.0.5 } } } }",
  ),
  error(
    "an option that the volume driver `local` does not know, or a mount without `device`",
    "COMPOSE_VALUE",
    'services: { a: { image: x, volumes: ["data:/data"] } }\nvolumes: { data: { driver_opts: { devise: /srv } } }',
  ),
];

/** Where holdfast is meant to be another than Compose. */
export const wantedDifferences: readonly Claim[] = [
  error(
    "Nothing is built: a service with `build` and no `image` is refused when it would run. With both, the image is run. `config` prints `build` as Compose does.",
    "SERVICE_BUILD_ONLY",
    "services: { a: { build: . } }",
  ),
  error(
    "Relative paths (of Compose, env and label files, of `extends`, `include` and binds) may not leave the repository. Absolute paths of the host are the operator's: policies judge them.",
    "COMPOSE_PATH_OUTSIDE",
    'services: { a: { image: x, volumes: ["../../outside:/data"] } }',
  ),
  error(
    "`~` is HOME as the manifest's `environment` or `.env` gives it, and refused without: there is no home of whoever runs a command.",
    "COMPOSE_PATH_OUTSIDE",
    'services: { a: { image: x, volumes: ["~/data:/data"] } }',
  ),
  warning(
    "Variables come from the manifest's `environment` and from `.env` beside the first Compose file, never from the agent's own environment. An environment key without a value takes its value from there; when there is none the container does not have it, even if its image gives one.",
    "ENVIRONMENT_UNSET",
    "services: { a: { image: x, environment: [PATH] } }",
  ),
];
