import {
  command,
  either,
  flag,
  integerOrText,
  list,
  listOrMap,
  nothing,
  numberOrText,
  object,
  oneOf,
  scalar,
  type Schema,
  text,
  textOrList,
  texts,
} from "./schema.ts";

const updateConfig = object({
  parallelism: integerOrText,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: numberOrText,
  order: oneOf("start-first", "stop-first"),
});

/** A request for devices, of `deploy` and `gpus`. */
export const deviceRequest = {
  capabilities: texts,
  count: integerOrText,
  device_ids: texts,
  driver: text,
  options: listOrMap,
};

export const deploy: Schema = either(
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

/** `post_start` and `pre_stop`. */
export const hook = object(
  { command, user: text, privileged: flag, working_dir: text, environment: listOrMap },
  ["command"],
);

export const develop: Schema = either(
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
