import type { Mount } from "../../model/container.ts";
import { type ApiMount, defined } from "./api.ts";

/** The three places in which the Engine takes mounts. */
export interface ApiMounts {
  readonly Binds: string[];
  readonly Mounts: ApiMount[];
  readonly Tmpfs: Record<string, string>;
}

/**
 * Mounts as Compose gives them to the Engine: `Binds` where Docker shall make a missing host folder and for named
 * volumes, `Mounts` for everything else. With `Mounts` a missing source is an error at creation and at every start.
 *
 * @param inherited target → name of a predecessor's anonymous volume
 */
export function createMounts(mounts: readonly Mount[], inherited: ReadonlyMap<string, string>): ApiMounts {
  const result: ApiMounts = { Binds: [], Mounts: [], Tmpfs: {} };
  const left = new Map(inherited);
  for (const mount of mounts) {
    const volume = left.get(mount.target);
    left.delete(mount.target);
    if (volume !== undefined) result.Binds.push(bindText({ ...mount, source: volume }));
    else if (mount.type === "tmpfs" && mount.tmpfsOptions) result.Tmpfs[mount.target] = tmpfsText(mount);
    else if (isBind(mount)) result.Binds.push(bindText(mount));
    else result.Mounts.push(apiMount(mount));
  }
  for (const [target, volume] of left) result.Binds.push(`${volume}:${target}`);
  return result;
}

/** An SELinux label can only be asked for in `Binds`, propagation and what is below a folder only in `Mounts`. */
function isBind(mount: Mount): boolean {
  if (mount.type === "bind") {
    return mount.selinux !== undefined || (mount.createHostPath === true && !mount.propagation && !mount.recursive);
  }
  return mount.type === "volume" && mount.source !== "" && !mount.noCopy && !mount.subpath && !mount.labels;
}

function bindText(mount: Mount): string {
  const options = [
    mount.readOnly ? "ro" : "rw",
    mount.selinux ?? "",
    mount.propagation ?? "",
    mount.noCopy ? "nocopy" : "",
  ]
    .filter((option) => option !== "");
  return [mount.source, mount.target, options.join(",")].join(":");
}

function tmpfsText(mount: Mount): string {
  const options = [...(mount.tmpfsOptions ?? [])];
  if (mount.readOnly) options.push("ro");
  if (mount.tmpfsSizeBytes !== undefined) options.push(`size=${mount.tmpfsSizeBytes}`);
  if (mount.tmpfsMode !== undefined) options.push(`mode=${mount.tmpfsMode.toString(8)}`);
  return options.join(",");
}

function apiMount(mount: Mount): ApiMount {
  return defined({
    Type: mount.type,
    Source: mount.source || undefined,
    Target: mount.target,
    ReadOnly: mount.readOnly || undefined,
    Consistency: mount.consistency,
    BindOptions: mount.type === "bind" ? bindOptions(mount) : undefined,
    VolumeOptions: mount.type === "volume" && (mount.noCopy || mount.subpath || mount.labels)
      ? defined({ NoCopy: mount.noCopy, Subpath: mount.subpath, Labels: mount.labels })
      : undefined,
    ImageOptions: mount.type === "image" && mount.subpath ? { Subpath: mount.subpath } : undefined,
    TmpfsOptions: mount.type === "tmpfs" && (mount.tmpfsSizeBytes !== undefined || mount.tmpfsMode !== undefined)
      ? defined({ SizeBytes: mount.tmpfsSizeBytes, Mode: mount.tmpfsMode })
      : undefined,
  });
}

function bindOptions(mount: Mount): ApiMount["BindOptions"] {
  return defined({
    Propagation: mount.propagation,
    CreateMountpoint: mount.createHostPath || undefined,
    NonRecursive: mount.recursive === "disabled" || undefined,
    ReadOnlyNonRecursive: mount.recursive === "writable" || undefined,
    ReadOnlyForceRecursive: mount.recursive === "readonly" || undefined,
  });
}
