import type { ContainerSpec, Healthcheck, NetworkAttachment } from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import { isIdentityLabel } from "../../model/labels.ts";
import type { ContainerState, ObservedContainer } from "../../model/observed.ts";
import { type ApiContainer, type ApiContainerConfig, sortedMap, type Strings } from "./api.ts";
import { readEndpoint } from "./endpoint.ts";
import { readLinks, readPeer, readVolumesFrom, type Surroundings } from "./peers.ts";
import { readHostConfig } from "./read-host-config.ts";
import { readMounts } from "./read-mounts.ts";

/** A container's inspection in the words of the desired state: what the Engine adds or says in another form is undone. */
export function readContainer(container: ApiContainer, around: Surroundings): ObservedContainer {
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ""),
    state: readState(container),
    imageId: container.Image,
    labels: sortedMap(container.Config.Labels),
    spec: readSpec(container, around),
    createdAt: container.Created,
  };
}

/** The state as one inspection of the container tells it. */
export function readState(
  { State: state, RestartCount }: Pick<ApiContainer, "State" | "RestartCount">,
): ContainerState {
  // Of a container that ended the Engine repeats what its last check said, and the stop itself makes one fail.
  const health = state.Status === "running" || state.Status === "paused" ? state.Health?.Status : undefined;
  return {
    status: state.Status as ContainerState["status"],
    health: health === "starting" || health === "healthy" || health === "unhealthy" ? health : "none",
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    startedAt: state.StartedAt,
    finishedAt: state.FinishedAt,
    restartCount: RestartCount,
  };
}

function readSpec(container: ApiContainer, around: Surroundings): ContainerSpec {
  const { Config: config, HostConfig: host } = container;
  const networks = readNetworks(container, around);
  return {
    image: config.Image ?? "",
    command: listOrNothing(config.Cmd),
    entrypoint: listOrNothing(config.Entrypoint),
    environment: readEnvironment(config.Env ?? []),
    labels: operatorLabels(config.Labels),
    user: config.User || undefined,
    workingDir: config.WorkingDir || undefined,
    hostname: config.Hostname || undefined,
    domainname: config.Domainname || undefined,
    macAddress: config.MacAddress || networks[0]?.macAddress,
    tty: config.Tty ?? false,
    stdinOpen: config.OpenStdin ?? false,
    stopSignal: config.StopSignal || undefined,
    stopGraceSeconds: config.StopTimeout ?? undefined,
    healthcheck: readHealthcheck(config.Healthcheck),
    exposedPorts: readExposedPorts(Object.keys(config.ExposedPorts ?? {})),
    mounts: readMounts(container),
    networkMode: isPredefined(host.NetworkMode) ? readNetworkMode(host.NetworkMode, around) : undefined,
    networks,
    links: readLinks(container),
    volumesFrom: readVolumesFrom(host.VolumesFrom ?? [], around),
    ...readHostConfig(host),
    ipc: readPeer(host.IpcMode, around),
    pid: readPeer(host.PidMode, around),
  };
}

/** Modes that are no network of Compose's. */
function isPredefined(mode: string | undefined): mode is string {
  return ["host", "none", "bridge", "default", "disabled"].includes(mode ?? "") ||
    mode?.startsWith("container:") === true;
}

/** What 20.10 calls `default` is `bridge` from 26 on. */
function readNetworkMode(mode: string, around: Surroundings): string | undefined {
  return mode === "default" ? "bridge" : readPeer(mode, around);
}

/**
 * The networks of a container, its network mode first. An endpoint whose network was removed since is no connection:
 * the container could not start with it, even if another network has the name now.
 */
function readNetworks(container: ApiContainer, around: Surroundings): NetworkAttachment[] {
  const { Config, HostConfig } = container;
  if (isPredefined(HostConfig.NetworkMode)) return [];
  const attachments: NetworkAttachment[] = [];
  for (const [name, endpoint] of Object.entries(container.NetworkSettings?.Networks ?? {})) {
    const network = endpoint.NetworkID
      ? around.networks.byId.get(endpoint.NetworkID)
      : around.networks.byName.get(name);
    if (!network) continue;
    const names = { key: network.key, name: network.name, containerId: container.Id, hostname: Config.Hostname ?? "" };
    attachments.push(readEndpoint(endpoint, names));
  }
  const rank = (attachment: NetworkAttachment) => attachment.name === HostConfig.NetworkMode ? 0 : 1;
  const [first, ...others] = attachments.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  if (!first) return [];
  // Before API 1.44 an endpoint has its address only while the container runs; what was asked for stands elsewhere.
  const macAddress = first.macAddress || Config.MacAddress;
  return [{ ...first, ...(macAddress && { macAddress }) }, ...others];
}

/** `NAME=VALUE` lines by name, sorted; null for a name alone, which takes the variable away. */
export function readEnvironment(list: readonly string[]): Record<string, string | null> {
  const entries = list.map((text): [string, string | null] => {
    const at = text.indexOf("=");
    return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
}

/** `80/tcp` for each, sorted: the Engine keeps what Compose sends of `expose` as it was written, `9000` or `9001-9002/udp`. */
export function readExposedPorts(names: readonly string[]): string[] {
  const ports = names.flatMap((name) => {
    const [range = "", protocol = "tcp"] = name.split("/");
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, index) => `${first! + index}/${protocol}`);
  });
  return [...new Set(ports)].sort(compareText);
}

const nanosecondsPerMs = 1e6;

/** Durations in milliseconds; undefined where the container has no check of its own. */
export function readHealthcheck(check: ApiContainerConfig["Healthcheck"]): Healthcheck | undefined {
  if (!check) return undefined;
  const ms = (nanoseconds: number | undefined) => nanoseconds ? nanoseconds / nanosecondsPerMs : undefined;
  const read = {
    test: check.Test ?? [],
    intervalMs: ms(check.Interval),
    timeoutMs: ms(check.Timeout),
    startPeriodMs: ms(check.StartPeriod),
    startIntervalMs: ms(check.StartInterval),
    retries: check.Retries || undefined,
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as unknown as Healthcheck;
}

/** Without Compose's labels and ours. */
export function operatorLabels(labels: Strings): Record<string, string> {
  return Object.fromEntries(Object.entries(sortedMap(labels)).filter(([name]) => !isIdentityLabel(name)));
}

function listOrNothing(values: readonly string[] | null | undefined): readonly string[] | undefined {
  return values && values.length > 0 ? values : undefined;
}
