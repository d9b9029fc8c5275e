import {
  any,
  command,
  either,
  extraHosts,
  flag,
  integerOrText,
  list,
  listOrMap,
  mapOf,
  type MapSchema,
  nothing,
  numberOrText,
  object,
  oneOf,
  resourceKey,
  scalar,
  type Schema,
  strictObject,
  text,
  textOrList,
  texts,
  textsOrNumbers,
  uniqueList,
} from "./schema.ts";

const ulimits: Schema = {
  ...mapOf(either(integerOrText, object({ hard: integerOrText, soft: integerOrText }, ["soft", "hard"])), /^[a-z]+$/),
  open: true,
};

const fileMounts: Schema = list(either(
  text,
  object({ source: text, target: text, uid: text, gid: text, mode: numberOrText }),
));

const build: Schema = either(
  text,
  object({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: list(text),
    args: listOrMap,
    ssh: listOrMap,
    labels: listOrMap,
    cache_from: list(text),
    cache_to: list(text),
    no_cache: flag,
    additional_contexts: listOrMap,
    network: text,
    provenance: flag,
    sbom: flag,
    pull: flag,
    target: text,
    shm_size: integerOrText,
    extra_hosts: extraHosts,
    isolation: text,
    privileged: flag,
    secrets: fileMounts,
    tags: list(text),
    ulimits,
    platforms: list(text),
  }),
);

const blkioLimit = strictObject({ path: text, rate: integerOrText });

const updateConfig = object({
  parallelism: integerOrText,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: numberOrText,
  order: oneOf("start-first", "stop-first"),
});

const deviceRequest = {
  capabilities: texts,
  count: integerOrText,
  device_ids: texts,
  driver: text,
  options: listOrMap,
};

const deploy: Schema = either(
  nothing,
  object({
    mode: text,
    endpoint_mode: text,
    replicas: integerOrText,
    labels: listOrMap,
    rollback_config: updateConfig,
    update_config: updateConfig,
    resources: object({
      limits: object({ cpus: numberOrText, memory: text, pids: integerOrText }),
      reservations: object({
        cpus: numberOrText,
        memory: text,
        generic_resources: list(object({ discrete_resource_spec: object({ kind: text, value: numberOrText }) })),
        devices: list(object(deviceRequest, ["capabilities"])),
      }),
    }),
    restart_policy: object({ condition: text, delay: text, max_attempts: integerOrText, window: text }),
    placement: object({
      constraints: list(text),
      preferences: list(object({ spread: text })),
      max_replicas_per_node: integerOrText,
    }),
  }),
);

const hook = object(
  { command, user: text, privileged: flag, working_dir: text, environment: listOrMap },
  ["command"],
);

const develop: Schema = either(
  nothing,
  object({
    watch: list(object({
      ignore: textOrList,
      include: textOrList,
      path: text,
      action: oneOf("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
      target: text,
      exec: hook,
      initial_sync: scalar("boolean"),
    }, ["path", "action"])),
  }),
);

const dependsOn: Schema = either(
  texts,
  mapOf(
    object({
      restart: flag,
      required: scalar("boolean"),
      condition: oneOf("service_started", "service_healthy", "service_completed_successfully"),
    }, ["condition"]),
    resourceKey,
  ),
);

const networks: Schema = either(
  texts,
  mapOf(
    either(
      nothing,
      object({
        aliases: texts,
        interface_name: text,
        ipv4_address: text,
        ipv6_address: text,
        link_local_ips: texts,
        mac_address: text,
        driver_opts: { ...mapOf(textsOrNumbers), open: true },
        priority: scalar("number"),
        gw_priority: scalar("number"),
      }),
    ),
    resourceKey,
  ),
);

const volume: Schema = either(
  text,
  object({
    type: oneOf("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    bind: object({
      propagation: text,
      create_host_path: flag,
      recursive: oneOf("enabled", "disabled", "writable", "readonly"),
      selinux: oneOf("z", "Z"),
    }),
    volume: object({ labels: listOrMap, nocopy: flag, subpath: text }),
    tmpfs: object({ size: either({ ...scalar("integer"), minimum: 0 }, text), mode: numberOrText }),
    image: object({ subpath: text }),
  }, ["type"]),
);

const port: Schema = either(
  scalar("number"),
  text,
  object({
    name: text,
    mode: text,
    host_ip: text,
    target: integerOrText,
    published: integerOrText,
    protocol: text,
    app_protocol: text,
  }),
);

const pullPolicy: Schema = {
  ...scalar("string"),
  pattern: /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/,
  expected: "always, never, missing, if_not_present, build, daily, weekly or every_<duration>",
};

/** The keys of a service. */
export const serviceSchema: MapSchema = object({
  annotations: listOrMap,
  attach: flag,
  blkio_config: strictObject({
    device_read_bps: list(blkioLimit),
    device_read_iops: list(blkioLimit),
    device_write_bps: list(blkioLimit),
    device_write_iops: list(blkioLimit),
    weight: integerOrText,
    weight_device: list(strictObject({ path: text, weight: integerOrText })),
  }),
  build,
  cap_add: texts,
  cap_drop: texts,
  cgroup: oneOf("host", "private"),
  cgroup_parent: text,
  command,
  configs: fileMounts,
  container_name: {
    ...scalar("string"),
    pattern: /[a-zA-Z0-9][a-zA-Z0-9_.-]+/,
    expected: "at least two letters, digits, _, . or -",
  },
  cpu_count: either(text, { ...scalar("integer"), minimum: 0 }),
  cpu_percent: either(text, { ...scalar("integer"), minimum: 0, maximum: 100 }),
  cpu_period: numberOrText,
  cpu_quota: numberOrText,
  cpu_rt_period: numberOrText,
  cpu_rt_runtime: numberOrText,
  cpu_shares: numberOrText,
  cpus: numberOrText,
  cpuset: text,
  credential_spec: object({ config: text, file: text, registry: text }),
  depends_on: dependsOn,
  deploy,
  develop,
  device_cgroup_rules: texts,
  devices: list(either(text, object({ source: text, target: text, permissions: text }, ["source"]))),
  dns: textOrList,
  dns_opt: texts,
  dns_search: textOrList,
  domainname: text,
  entrypoint: command,
  env_file: either(
    text,
    list(either(text, strictObject({ path: text, format: text, required: flag }, ["path"]))),
  ),
  environment: listOrMap,
  expose: uniqueList(textsOrNumbers),
  extends: either(text, strictObject({ service: text, file: text }, ["service"])),
  external_links: texts,
  extra_hosts: extraHosts,
  gpus: either(oneOf("all"), list({ ...object(deviceRequest), open: true })),
  group_add: uniqueList(textsOrNumbers),
  healthcheck: object({
    disable: flag,
    interval: text,
    retries: numberOrText,
    test: either(text, list(text)),
    timeout: text,
    start_period: text,
    start_interval: text,
  }),
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  label_file: either(text, list(text)),
  labels: listOrMap,
  links: texts,
  logging: object({ driver: text, options: { ...mapOf(scalar("string", "number", "null")), open: true } }),
  mac_address: text,
  mem_limit: numberOrText,
  mem_reservation: integerOrText,
  mem_swappiness: integerOrText,
  memswap_limit: numberOrText,
  models: either(texts, {
    ...mapOf(either(nothing, object({ endpoint_var: text, model_var: text })), resourceKey),
    open: true,
  }),
  network_mode: text,
  networks,
  oom_kill_disable: flag,
  oom_score_adj: either(text, { ...scalar("integer"), minimum: -1000, maximum: 1000 }),
  pid: scalar("string", "null"),
  pids_limit: numberOrText,
  platform: text,
  ports: uniqueList(port),
  post_start: list(hook),
  pre_stop: list(hook),
  privileged: flag,
  profiles: texts,
  provider: object({
    type: text,
    options: {
      ...mapOf(either(scalar("string", "number", "boolean"), list(scalar("string", "number", "boolean")))),
      open: true,
    },
  }, ["type"]),
  pull_policy: pullPolicy,
  pull_refresh_after: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: integerOrText,
  secrets: fileMounts,
  security_opt: texts,
  shm_size: numberOrText,
  stdin_open: flag,
  stop_grace_period: text,
  stop_signal: text,
  storage_opt: mapOf(any),
  sysctls: listOrMap,
  tmpfs: textOrList,
  tty: flag,
  ulimits,
  use_api_socket: scalar("boolean"),
  user: text,
  userns_mode: text,
  uts: text,
  volumes: uniqueList(volume),
  volumes_from: texts,
  working_dir: text,
});
