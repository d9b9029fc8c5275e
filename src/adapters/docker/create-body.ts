import type { ContainerSpec, NetworkAttachment } from "../../model/container.ts";
import { type ApiContainerConfig, type ApiHealthcheck, defined } from "./api.ts";
import type { ApiEndpoint, ApiHostConfig } from "./api.ts";
import { createMounts } from "./create-mounts.ts";
import { createHostConfig } from "./create-host-config.ts";
import { endpointSettings } from "./endpoint.ts";

/** What a creation needs beside the spec. */
export interface CreateContext {
  /** The x of API 1.x. */
  readonly api: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Target → name of a predecessor's anonymous volume that the new container takes over. */
  readonly inherited: ReadonlyMap<string, string>;
}

export interface CreateCall {
  readonly body: ApiContainerConfig & {
    readonly HostConfig: ApiHostConfig;
    readonly NetworkingConfig: { readonly EndpointsConfig: Readonly<Record<string, ApiEndpoint>> };
  };
  /** Networks that this API cannot give at creation: to be connected before the first start. */
  readonly later: readonly NetworkAttachment[];
}

/** The Engine takes several networks at creation since this API. */
const manyNetworksApi = 44;

/** The body of ContainerCreate for a spec, for one API version. */
export function createBody(spec: ContainerSpec, context: CreateContext): CreateCall {
  const { api } = context;
  const atOnce = spec.networks.slice(0, api >= manyNetworksApi ? spec.networks.length : 1);
  const endpoints = atOnce.map((attachment, index) => {
    const macAddress = attachment.macAddress ?? (index === 0 ? spec.macAddress : undefined);
    return [attachment.name, endpointSettings({ ...attachment, macAddress }, { api, links: spec.links })] as const;
  });
  return {
    body: {
      ...containerConfig(spec, context),
      HostConfig: {
        ...createHostConfig(spec, api),
        ...createMounts(spec.mounts, context.inherited),
        ...hostLinks(spec),
      },
      NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) },
    },
    later: spec.networks.slice(atOnce.length),
  };
}

/** Only the default bridge knows links in the host's part; elsewhere they belong to the endpoint. */
function hostLinks(spec: ContainerSpec): Pick<ApiHostConfig, "Links"> {
  return spec.networks.length === 0 && spec.links.length > 0 ? { Links: spec.links } : {};
}

function containerConfig(spec: ContainerSpec, { api, labels }: CreateContext): ApiContainerConfig {
  return defined({
    Image: spec.image,
    Hostname: spec.hostname,
    Domainname: spec.domainname,
    User: spec.user,
    Tty: spec.tty,
    OpenStdin: spec.stdinOpen,
    Env: environmentList(spec.environment),
    Cmd: spec.command,
    Entrypoint: spec.entrypoint,
    Labels: { ...spec.labels, ...labels },
    WorkingDir: spec.workingDir,
    StopSignal: spec.stopSignal,
    StopTimeout: spec.stopGraceSeconds,
    Healthcheck: spec.healthcheck && healthcheck(spec.healthcheck, api),
    ExposedPorts: Object.fromEntries(spec.exposedPorts.map((port) => [port, {}])),
    NetworkDisabled: spec.networkMode === "disabled" || undefined,
    MacAddress: api < manyNetworksApi ? spec.macAddress ?? spec.networks[0]?.macAddress : undefined,
  });
}

function environmentList(environment: ContainerSpec["environment"]): string[] {
  return Object.keys(environment).sort().map((name) =>
    environment[name] === null ? name : `${name}=${environment[name]}`
  );
}

const nanosecondsPerMs = 1e6;

function healthcheck(check: NonNullable<ContainerSpec["healthcheck"]>, api: number): ApiHealthcheck {
  const nanoseconds = (ms: number | undefined) => ms === undefined ? undefined : Math.round(ms * nanosecondsPerMs);
  return defined({
    Test: check.test,
    Interval: nanoseconds(check.intervalMs),
    Timeout: nanoseconds(check.timeoutMs),
    StartPeriod: nanoseconds(check.startPeriodMs),
    StartInterval: api >= 44 ? nanoseconds(check.startIntervalMs) : undefined,
    Retries: check.retries,
  });
}
