/**
 * How a value of a later file joins the one of an earlier file, or a service the one that it extends. Where no rule
 * stands, mappings merge key by key, lists append, and anything else is replaced; nothing (`key:`) keeps what is there.
 */
export type MergeRule =
  /** The later value replaces the earlier one; nothing clears it. */
  | "replace"
  /** Lists and mappings become one list of `key=value`; the later entry of a key wins. */
  | "entries"
  /** A list of names and a mapping become one mapping. */
  | "names"
  /** As `names`, a bare name standing for `condition: service_started`. */
  | "dependencies"
  /** A text is the context of a mapping. */
  | "build"
  /** Lists append, without what is there already. */
  | "hosts"
  /** Another driver replaces the whole; the same driver merges the options. */
  | "logging"
  /** Merged by subnet. */
  | "subnets";

export const mergeRules: Readonly<Record<string, MergeRule>> = {
  "networks.*.ipam.config": "subnets",
  "networks.*.labels": "entries",
  "volumes.*.labels": "entries",
  "services.*.annotations": "entries",
  "services.*.build": "build",
  "services.*.build.args": "entries",
  "services.*.build.additional_contexts": "entries",
  "services.*.build.extra_hosts": "hosts",
  "services.*.build.labels": "entries",
  "services.*.command": "replace",
  "services.*.depends_on": "dependencies",
  "services.*.deploy.labels": "entries",
  "services.*.dns": "entries",
  "services.*.dns_opt": "entries",
  "services.*.dns_search": "entries",
  "services.*.entrypoint": "replace",
  "services.*.env_file": "entries",
  "services.*.label_file": "entries",
  "services.*.environment": "entries",
  "services.*.extra_hosts": "hosts",
  "services.*.healthcheck.test": "replace",
  "services.*.labels": "entries",
  "services.*.volumes.*.volume.labels": "entries",
  "services.*.logging": "logging",
  "services.*.models": "names",
  "services.*.networks": "names",
  "services.*.sysctls": "entries",
  "services.*.tmpfs": "entries",
  "services.*.ulimits.*": "replace",
};

/** What makes two items of a list the same: the later one takes the place of the earlier one. */
export type UniqueRule =
  /** The text before `=`. */
  | "name"
  /** The path inside the container. */
  | "target"
  | "device"
  /** Address, published port, target and protocol together. */
  | "port"
  | "text"
  /** The target, which is `/NAME` when it is not given. */
  | "config"
  /** The target, which is `/run/secrets/NAME` when it is not given. */
  | "secret"
  | "env-file";

export const uniqueRules: Readonly<Record<string, UniqueRule>> = {
  "networks.*.labels": "name",
  "networks.*.ipam.options": "name",
  "services.*.annotations": "name",
  "services.*.build.args": "name",
  "services.*.build.additional_contexts": "name",
  "services.*.build.platform": "name",
  "services.*.build.tags": "name",
  "services.*.build.labels": "name",
  "services.*.cap_add": "name",
  "services.*.cap_drop": "name",
  "services.*.devices": "device",
  "services.*.configs": "config",
  "services.*.deploy.labels": "name",
  "services.*.dns": "name",
  "services.*.dns_opt": "name",
  "services.*.dns_search": "name",
  "services.*.environment": "name",
  "services.*.env_file": "env-file",
  "services.*.expose": "text",
  "services.*.labels": "name",
  "services.*.links": "name",
  "services.*.networks.*.aliases": "name",
  "services.*.networks.*.link_local_ips": "name",
  "services.*.ports": "port",
  "services.*.profiles": "name",
  "services.*.secrets": "secret",
  "services.*.sysctls": "name",
  "services.*.tmpfs": "name",
  "services.*.volumes": "target",
};
