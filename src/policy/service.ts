import type { ComposeModel, ComposeService } from "../model/compose.ts";

type Path = readonly PropertyKey[];

/** Keys and values of the canonical services, in key order. */
export function servicesOf(model: ComposeModel): readonly (readonly [string, ComposeService])[] {
  return Object.keys(model.services).sort().map((key) => [key, model.services[key]!]);
}

/** Canonical environment; null is a name without a value. */
export function environmentOf(service: ComposeService | undefined): Readonly<Record<string, string | null>> {
  const entries = Object.entries(record(service?.["environment"]));
  return Object.fromEntries(entries.map(([name, value]) => [name, value === null ? null : String(value)]));
}

export interface ServiceBind {
  /** `["services", KEY, "volumes", INDEX]`. */
  readonly path: Path;
  /** Absolute path on the host, without a slash at its end. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Propagation, where one is given. */
  readonly propagation: string;
}

/** The bind mounts of one service. */
export function bindsOf(key: string, service: ComposeService): readonly ServiceBind[] {
  return list(service["volumes"]).flatMap((item, index) => {
    const volume = record(item);
    if (volume["type"] !== "bind") return [];
    return [{
      path: ["services", key, "volumes", index],
      source: plainPath(text(volume["source"])),
      target: plainPath(text(volume["target"])),
      readOnly: volume["read_only"] === true,
      propagation: text(record(volume["bind"])["propagation"]),
    }];
  });
}

/** One place at which a path of the host enters the project. */
export interface HostPath {
  readonly path: Path;
  readonly source: string;
  readonly readOnly: boolean;
}

/** Every host path: binds, volumes of the local driver that are binds, and the files of configs and secrets. */
export function hostPathsOf(model: ComposeModel): readonly HostPath[] {
  const binds = servicesOf(model).flatMap(([key, service]) => bindsOf(key, service));
  const devices = entriesOf(model.volumes).flatMap(([key, volume]): HostPath[] => {
    const options = record(volume["driver_opts"]);
    if (!/(?:^|,)r?bind(?:,|$)/.test(text(options["o"]))) return [];
    const source = plainPath(text(options["device"]));
    return [{
      path: ["volumes", key, "driver_opts", "device"],
      source,
      readOnly: /(?:^|,)ro(?:,|$)/.test(text(options["o"])),
    }];
  });
  const files = (["configs", "secrets"] as const).flatMap((kind) =>
    entriesOf(model[kind]).flatMap(([key, value]): HostPath[] => {
      const file = text(value["file"]);
      return file === "" ? [] : [{ path: [kind, key, "file"], source: plainPath(file), readOnly: true }];
    })
  );
  return [...binds, ...devices, ...files];
}

export interface ServicePort {
  /** `["services", KEY, "ports", INDEX]`. */
  readonly path: Path;
  readonly target: number;
  /** Port, range, or "" for one that the Engine chooses. */
  readonly published: string;
  /** "" is every address. */
  readonly hostIp: string;
  readonly protocol: string;
}

/** The published ports of a service, each with its path in the model. */
export function portsOf(key: string, service: ComposeService): readonly ServicePort[] {
  return list(service["ports"]).map((item, index) => {
    const port = record(item);
    return {
      path: ["services", key, "ports", index],
      target: Number(port["target"]),
      published: text(port["published"]),
      hostIp: text(port["host_ip"]),
      protocol: text(port["protocol"]) || "tcp",
    };
  });
}

export interface ServiceAlias {
  readonly path: Path;
  readonly alias: string;
}

/** The network aliases of one service, over all its networks. */
export function aliasesOf(key: string, service: ComposeService | undefined): readonly ServiceAlias[] {
  const networks = record(service?.["networks"]);
  return Object.keys(networks).sort().flatMap((network) =>
    list(record(networks[network])["aliases"]).map((alias, index) => ({
      path: ["services", key, "networks", network, "aliases", index],
      alias: text(alias),
    }))
  );
}

/** Whether a path is a folder, or lies below it. Both absolute and plain. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** An unknown value as a list; anything else is an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An unknown value as text; anything but text and numbers is "". */
export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** An unknown value as a mapping; anything else is an empty one. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

function entriesOf(values: Readonly<Record<string, unknown>> | undefined) {
  return Object.keys(values ?? {}).sort().map((key) => [key, record(values![key])] as const);
}

/** Without `.`, empty parts and a slash at the end; `..` resolved. */
function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
