import type { ContainerSpec } from "../model/container.ts";
import type { EngineFacts } from "../model/observed.ts";

/** Something that a service asks for and the host's Engine is too old for. */
export interface MissingFeature {
  /** Compose's words for it. */
  readonly feature: string;
  /** The Docker release that has it. */
  readonly since: string;
}

interface Feature extends MissingFeature {
  /** Of the Engine's API, the x of 1.x. */
  readonly api: number;
  readonly isAskedFor: (spec: ContainerSpec) => boolean;
}

/** What older Engines leave out without a word: the container would not be what git says. */
const features: readonly Feature[] = [
  {
    feature: "healthcheck.start_interval",
    since: "25",
    api: 44,
    isAskedFor: ({ healthcheck }) => (healthcheck?.startIntervalMs ?? 0) > 0,
  },
  {
    feature: "a mac_address in several networks",
    since: "25",
    api: 44,
    isAskedFor: ({ networks }) => networks.filter(({ macAddress }) => macAddress !== undefined).length > 1,
  },
  {
    feature: "a bind with recursive: writable or readonly",
    since: "25",
    api: 44,
    isAskedFor: ({ mounts }) => mounts.some(({ recursive }) => recursive === "writable" || recursive === "readonly"),
  },
  {
    feature: "the subpath of a volume",
    since: "26",
    api: 45,
    isAskedFor: ({ mounts }) => mounts.some(({ type, subpath }) => type === "volume" && subpath !== undefined),
  },
  { feature: "a mount of an image", since: "28", api: 48, isAskedFor: ({ mounts }) => mounts.some(isImage) },
  {
    feature: "interface_name",
    since: "28.1",
    api: 49,
    isAskedFor: ({ networks }) =>
      networks.some(({ driverOptions }) => driverOptions["com.docker.network.endpoint.ifname"] !== undefined),
  },
];

function isImage({ type }: ContainerSpec["mounts"][number]): boolean {
  return type === "image";
}

/** The first feature that a container needs and the Engine does not have. */
export function missingFeature(spec: ContainerSpec, engine: EngineFacts): MissingFeature | undefined {
  return features.find(({ api, isAskedFor }) => apiMinor(engine) < api && isAskedFor(spec));
}

/** The spec without what an older Engine leaves out as Compose lets it: `gw_priority` before Docker 28. */
export function asEngineTakes(spec: ContainerSpec, engine: EngineFacts): ContainerSpec {
  if (apiMinor(engine) >= 48 || spec.networks.every(({ gatewayPriority }) => gatewayPriority === undefined)) {
    return spec;
  }
  return { ...spec, networks: spec.networks.map(({ gatewayPriority: _, ...network }) => network) };
}

function apiMinor({ apiVersion }: EngineFacts): number {
  return Number(apiVersion.split(".")[1]);
}
