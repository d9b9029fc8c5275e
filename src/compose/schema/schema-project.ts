import {
  any,
  either,
  flag,
  integer,
  list,
  listOrMap,
  mapOf,
  type MapSchema,
  nothing,
  object,
  resourceKey,
  type Schema,
  text,
  textOrList,
  textsOrNumbers,
} from "./schema.ts";
import { serviceSchema } from "./schema-service.ts";

const driverOptions: Schema = { ...mapOf(textsOrNumbers), open: true };
const external: Schema = either(flag, object({ name: text }));
const openExternal: Schema = either(flag, { kind: "map", keys: { name: text }, others: any });

const network: Schema = either(
  nothing,
  object({
    name: text,
    driver: text,
    driver_opts: driverOptions,
    ipam: object({
      driver: text,
      config: list(object({ subnet: text, ip_range: text, gateway: text, aux_addresses: mapOf(text) })),
      options: mapOf(text),
    }),
    external,
    internal: flag,
    enable_ipv4: flag,
    enable_ipv6: flag,
    attachable: flag,
    labels: listOrMap,
  }),
);

const volume: Schema = either(
  nothing,
  object({ name: text, driver: text, driver_opts: driverOptions, external, labels: listOrMap }),
);

const secret = object({
  name: text,
  environment: text,
  file: text,
  external: openExternal,
  labels: listOrMap,
  driver: text,
  driver_opts: driverOptions,
  template_driver: text,
});

const config = object({
  name: text,
  content: text,
  environment: text,
  file: text,
  external: openExternal,
  labels: listOrMap,
  template_driver: text,
});

const model = object({ name: text, model: text, context_size: integer, runtime_flags: list(text) }, ["model"]);

const include: Schema = either(text, object({ path: textOrList, env_file: textOrList, project_directory: text }));

/** A whole Compose file. */
export const projectSchema: MapSchema = object({
  version: text,
  name: text,
  include: list(include),
  services: mapOf(serviceSchema, resourceKey),
  models: { ...mapOf(model, resourceKey), open: true },
  networks: { ...mapOf(network, resourceKey), open: true },
  volumes: mapOf(volume, resourceKey),
  secrets: mapOf(secret, resourceKey),
  configs: mapOf(config, resourceKey),
});
