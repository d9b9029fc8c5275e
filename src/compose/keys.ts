/** Service keys that holdfast honours as Docker Compose does. */
export const honouredServiceKeys = [
  "annotations",
  "blkio_config",
  "cap_add",
  "cap_drop",
  "cgroup",
  "cgroup_parent",
  "command",
  "configs",
  "container_name",
  "cpu_count",
  "cpu_percent",
  "cpu_period",
  "cpu_quota",
  "cpu_rt_period",
  "cpu_rt_runtime",
  "cpu_shares",
  "cpus",
  "cpuset",
  "depends_on",
  "deploy",
  "device_cgroup_rules",
  "devices",
  "dns",
  "dns_opt",
  "dns_search",
  "domainname",
  "entrypoint",
  "env_file",
  "environment",
  "expose",
  "extends",
  "external_links",
  "extra_hosts",
  "gpus",
  "group_add",
  "healthcheck",
  "hostname",
  "image",
  "init",
  "ipc",
  "isolation",
  "label_file",
  "labels",
  "links",
  "logging",
  "mac_address",
  "mem_limit",
  "mem_reservation",
  "mem_swappiness",
  "memswap_limit",
  "network_mode",
  "networks",
  "oom_kill_disable",
  "oom_score_adj",
  "pid",
  "pids_limit",
  "platform",
  "ports",
  "privileged",
  "profiles",
  "pull_policy",
  "read_only",
  "restart",
  "runtime",
  "scale",
  "secrets",
  "security_opt",
  "shm_size",
  "stdin_open",
  "stop_grace_period",
  "stop_signal",
  "storage_opt",
  "sysctls",
  "tmpfs",
  "tty",
  "ulimits",
  "user",
  "userns_mode",
  "uts",
  "volumes",
  "volumes_from",
  "working_dir",
] as const;

/** Service keys that are read and printed and have no effect on a server, with why. */
export const ignoredServiceKeys: Readonly<Record<string, string>> = {
  attach: "whether `docker compose up` shows the logs: there is no terminal",
  build: "the image is taken as `image` names it; a service with `build` alone is refused",
  develop: "`docker compose watch` is for development",
  pull_refresh_after: "Compose reads it and does nothing with it",
};

/** How a key without effect is told. */
export function ignoredKey(path: string, reason: string): { readonly message: string; readonly hint: string } {
  return {
    message: `${path} has no effect: ${reason}`,
    hint: "take it away, or leave it for those who run the files elsewhere",
  };
}

/** Keys of `deploy` that only a swarm honours, with why. */
export const ignoredDeployKeys: Readonly<Record<string, string>> = {
  endpoint_mode: "load balancing over the hosts of a swarm: there is one host",
  placement: "it chooses among the hosts of a swarm: there is one host",
  rollback_config: "a swarm's; holdfast goes back to the predecessors that it keeps",
  update_config: "a swarm's; holdfast replaces what differs and keeps predecessors until their successors are verified",
};

/** Why `deploy.mode: global` does nothing. */
export const globalModeReason = "one container on each host of a swarm: there is one host, and `replicas` counts";

/** Service keys that `config` prints and that `check`, `plan` and `run` refuse, with why. */
export const refusedServiceKeys: Readonly<Record<string, string>> = {
  credential_spec: "credential specs are for Windows containers",
  models: "models need Docker's model runner, which a server does not have",
  post_start: "hooks inside a running container are not run by holdfast",
  pre_stop: "hooks inside a running container are not run by holdfast",
  provider: "providers are programs that Compose starts on the host; holdfast starts none",
  use_api_socket: "it gives the container the Engine's socket and the registry credentials of whoever runs Compose",
};
