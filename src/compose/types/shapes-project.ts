import { flag, int, labels, list, map, optionalFlag, options, struct, type StructShape, text, texts } from "./shape.ts";
import { serviceShape } from "./shapes-service.ts";

const network = struct({
  name: text,
  driver: text,
  driver_opts: options,
  ipam: struct({
    driver: text,
    config: list(
      struct({ subnet: text, gateway: text, ip_range: text, aux_addresses: labels }, { extensions: "forgotten" }),
    ),
  }, { always: true }),
  external: flag,
  internal: flag,
  attachable: flag,
  labels,
  enable_ipv4: optionalFlag,
  enable_ipv6: optionalFlag,
});

const volume = struct({ name: text, driver: text, driver_opts: options, external: flag, labels });

const fileObject = struct({
  name: text,
  file: text,
  environment: text,
  content: text,
  external: flag,
  labels,
  driver: text,
  driver_opts: { kind: "text-map" },
  template_driver: text,
});

/** A project, in the order in which Compose prints it. */
export const projectShape: StructShape = struct({
  configs: map(fileObject),
  models: map(struct({ name: text, model: text, context_size: int, runtime_flags: texts })),
  name: text,
  networks: map(network),
  secrets: map(fileObject),
  services: map(serviceShape),
  volumes: map(volume),
});
