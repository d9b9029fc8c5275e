import type { Json } from "../../../src/model/compose.ts";
import { readExposedPorts } from "../../../src/adapters/docker/read-container.ts";
import { type Body, createdRoot } from "./created-cases.ts";

/*
 * Two bodies that ask the Engine for the same container are one after this. What is taken off has no effect on a
 * container: each place says why.
 */

export function normalContainer(body: Body): Json {
  const { HostConfig = {}, NetworkingConfig = {}, AttachStdout: _, AttachStderr: __, ...config } = body as Fields;
  return compact({
    ...config, // what is attached is the client's business, and there is none
    Env: sorted(config["Env"]),
    ExposedPorts: readExposedPorts(Object.keys(config["ExposedPorts"] ?? {})),
    Labels: normalLabels(config["Labels"]),
    HostConfig: normalHost(HostConfig, NetworkingConfig.EndpointsConfig ?? {}),
    endpoints: Object.fromEntries(
      Object.entries<Fields>(NetworkingConfig.EndpointsConfig ?? {}).map(([name, endpoint]) => [
        name,
        normalEndpoint(endpoint),
      ]),
    ),
  });
}

export function normalNetwork({ Labels, Scope: _, IPAM, ...body }: Fields): Json {
  const Driver = IPAM?.Driver === "default" ? undefined : IPAM?.Driver;
  const CheckDuplicate = undefined; // only for Engines before 25
  return compact({ ...body, CheckDuplicate, IPAM: { ...IPAM, Driver }, Labels: normalLabels(Labels) });
}

export function normalVolume({ Labels, ...body }: Fields): Json {
  return compact({ ...body, Labels: normalLabels(Labels) });
}

// deno-lint-ignore no-explicit-any -- bodies are compared, not used
type Fields = { readonly [key: string]: any };

function normalHost(host: Fields, endpoints: Fields): Fields {
  const { Binds, Mounts, Tmpfs, Links, RestartPolicy, CapAdd, CapDrop, Ulimits, ...rest } = host;
  return {
    ...rest,
    ConsoleSize: undefined,
    CpuCount: undefined, // of Windows alone
    CpuPercent: undefined,
    Links: Object.keys(endpoints).length > 0 ? undefined : sorted(Links), // an endpoint has its own
    RestartPolicy: RestartPolicy?.Name === "no" ? undefined : RestartPolicy,
    CapAdd: capabilities(CapAdd),
    CapDrop: capabilities(CapDrop),
    ExtraHosts: sorted(rest["ExtraHosts"]),
    Init: rest["Init"] === false ? "false" : rest["Init"], // says more than nothing
    Ulimits: [...Ulimits ?? []].sort((a: Fields, b: Fields) => a["Name"] < b["Name"] ? -1 : 1),
    mounts: byTarget([...(Binds ?? []).map(bindMount), ...Mounts ?? []]),
    Tmpfs: Object.fromEntries(
      Object.entries(Tmpfs ?? {}).map(([target, text]) => [target, tmpfsOptions(String(text))]),
    ),
  };
}

/** A bind is the short form of a mount. */
function bindMount(text: string): Fields {
  const [Source = "", Target = "", options = ""] = text.split(":");
  const words = options.split(",").filter((word) => word !== "rw");
  const ReadOnly = words.includes("ro");
  const others = words.filter((word) => word !== "ro");
  if (!Source.startsWith("/")) return { Type: "volume", Source, Target, ReadOnly, others };
  return { Type: "bind", Source, Target, ReadOnly, others, BindOptions: { CreateMountpoint: true } };
}

/** Holdfast lets Docker make no folder inside the checkout: what is missing there is an error. */
function byTarget(mounts: readonly Fields[]): Fields {
  return Object.fromEntries(
    mounts.map((mount): [string, Fields] => {
      const { CreateMountpoint: _, ...bind } = mount["BindOptions"] ?? {};
      const isOurs = String(mount["Source"]).startsWith(`${createdRoot}/`);
      return [mount["Target"], isOurs ? { ...mount, BindOptions: bind } : mount];
    }).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

const sizes: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function tmpfsOptions(text: string): readonly string[] {
  return text.split(",").map((option) => {
    const [, digits, unit] = /^size=(\d+)([kmg])$/i.exec(option) ?? [];
    return unit ? `size=${Number(digits) * sizes[unit.toLowerCase()]!}` : option;
  }).sort();
}

/** An endpoint has its address in `IPAMConfig`; the Engine adds the name of the container, and knows it by that. */
function normalEndpoint({ Aliases, Links, IPAddress: _, IPv6Gateway: __, ...endpoint }: Fields): Fields {
  const names = sorted(Aliases).filter((alias) => !/^case-\w+-\d$/.test(alias));
  return { ...endpoint, Aliases: names, Links: sorted(Links) };
}

function normalLabels(labels: Fields = {}): Fields {
  const theirs = Object.entries(labels).filter(([name]) => !name.startsWith("io.holdfast."));
  return Object.fromEntries(
    theirs.map(([name, value]): [string, string] =>
      name === "com.docker.compose.depends_on" ? [name, value.split(",").sort().join(",")] : [name, value]
    ).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

function capabilities(names: readonly string[] | null | undefined): readonly string[] {
  return sorted(names).map((name) => name.toUpperCase().replace(/^CAP_/, "")).sort();
}

function sorted(values: readonly string[] | null | undefined): readonly string[] {
  return [...new Set(values ?? [])].sort();
}

/** Without what is empty, which is how the Engine's API says "not given". */
function compact(value: unknown): Json {
  if (Array.isArray(value)) return value.map(compact);
  if (value === null || typeof value !== "object") return value as Json;
  const entries = Object.entries(value).map(([key, item]) => [key, compact(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => !isEmpty(item)).sort(([a], [b]) => a < b ? -1 : 1));
}

function isEmpty(value: unknown): boolean {
  return !value || (typeof value === "object" && Object.keys(value).length === 0);
}
