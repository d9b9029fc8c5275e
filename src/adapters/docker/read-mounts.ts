import type { Mount } from "../../model/container.ts";
import type { ApiContainer, ApiMount } from "./api.ts";

/**
 * All mounts of a container by what they do, whichever API form asked for them, sorted by target. An anonymous volume
 * has the source "", also when it was taken over by name from a predecessor.
 */
export function readMounts(container: ApiContainer): Mount[] {
  const { Binds, Mounts, Tmpfs } = container.HostConfig;
  const declared = [
    ...(Binds ?? []).map(readBind),
    ...(Mounts ?? []).map(readMount),
    ...Object.entries(Tmpfs ?? {}).map(([target, options]) => readTmpfs(target, options)),
  ];
  const targets = new Set(declared.map((mount) => mount.target));
  const implied = Object.keys(container.Config.Volumes ?? {}).filter((target) => !targets.has(target))
    .map((target): Mount => ({ type: "volume", source: "", target, readOnly: false }));
  return [...declared, ...implied].sort((a, b) => a.target < b.target ? -1 : 1);
}

/** Target → name of each anonymous volume that a container has: its own, its image's, and those it took over. */
export function anonymousVolumes(container: ApiContainer): Map<string, string> {
  const unnamed = new Set(
    readMounts(container).filter((m) => m.type === "volume" && m.source === "").map((m) => m.target),
  );
  const volumes = (container.Mounts ?? []).filter((point) => point.Type === "volume" && unnamed.has(point.Destination));
  return new Map(
    volumes.map((point) => [point.Destination, point.Name ?? ""] as const).filter(([, name]) => name !== "").sort(),
  );
}

const selinuxOptions = ["z", "Z"];
const propagations = ["shared", "slave", "private", "rshared", "rslave", "rprivate"];

function readBind(text: string): Mount {
  const [source = "", target = "", ...rest] = text.split(":");
  const options = rest.join(":").split(",").filter((option) => option !== "");
  const selinux = options.find((option) => selinuxOptions.includes(option)) as Mount["selinux"];
  const propagation = options.find((option) => propagations.includes(option));
  const isPath = source.startsWith("/");
  return {
    type: isPath ? "bind" : "volume",
    source: volumeSource(source),
    target,
    readOnly: options.includes("ro"),
    ...(isPath ? { createHostPath: true } : {}),
    ...(propagation ? { propagation } : {}),
    ...(selinux ? { selinux } : {}),
    ...(options.includes("nocopy") ? { noCopy: true } : {}),
  };
}

/** The Engine names anonymous volumes with 64 hex digits. */
function volumeSource(name: string): string {
  return /^[0-9a-f]{64}$/.test(name) ? "" : name;
}

function readMount(mount: ApiMount): Mount {
  const type = mount.Type as Mount["type"];
  const { BindOptions: bind, VolumeOptions: volume, TmpfsOptions: tmpfs } = mount;
  const recursive = bind?.NonRecursive
    ? "disabled"
    : bind?.ReadOnlyNonRecursive
    ? "writable"
    : bind?.ReadOnlyForceRecursive
    ? "readonly"
    : undefined;
  const subpath = volume?.Subpath || mount.ImageOptions?.Subpath;
  return {
    type,
    source: type === "volume" ? volumeSource(mount.Source ?? "") : mount.Source ?? "",
    target: mount.Target,
    readOnly: mount.ReadOnly ?? false,
    ...(type === "bind" ? { createHostPath: bind?.CreateMountpoint ?? false } : {}),
    ...(bind?.Propagation ? { propagation: bind.Propagation } : {}),
    ...(recursive ? { recursive } : {}),
    ...(volume?.NoCopy ? { noCopy: true } : {}),
    ...(subpath ? { subpath } : {}),
    ...(tmpfs?.SizeBytes ? { tmpfsSizeBytes: tmpfs.SizeBytes } : {}),
    ...(tmpfs?.Mode ? { tmpfsMode: tmpfs.Mode } : {}),
    ...(mount.Consistency && mount.Consistency !== "default" ? { consistency: mount.Consistency } : {}),
  };
}

const sizeUnits: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `size=64m,mode=700,noexec`: size and mode as numbers, the rest as it is. */
function readTmpfs(target: string, text: string): Mount {
  let tmpfsSizeBytes: number | undefined;
  let tmpfsMode: number | undefined;
  const others: string[] = [];
  for (const option of text.split(",").filter((part) => part !== "")) {
    const size = /^size=(\d+)([kmg]?)$/i.exec(option);
    const mode = /^mode=([0-7]+)$/.exec(option);
    if (size) tmpfsSizeBytes = Number(size[1]) * sizeUnits[size[2]!.toLowerCase()]!;
    else if (mode) tmpfsMode = parseInt(mode[1]!, 8);
    else if (option !== "ro") others.push(option);
  }
  return {
    type: "tmpfs",
    source: "",
    target,
    readOnly: text.split(",").includes("ro"),
    ...(tmpfsSizeBytes === undefined ? {} : { tmpfsSizeBytes }),
    ...(tmpfsMode === undefined ? {} : { tmpfsMode }),
    ...(others.length > 0 ? { tmpfsOptions: others.sort() } : {}),
  };
}
