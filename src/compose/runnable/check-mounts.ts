import { parseTmpfs } from "../forms/tmpfs.ts";
import { parseBytes } from "../types/units.ts";
import type { ServiceAt } from "./_service-at.ts";
import { refuseValue } from "./refuse-value.ts";
import { type Fields, fieldsOf, listOf, textOf, textsOf } from "../desired/fields.ts";

const propagations = ["private", "rprivate", "rshared", "rslave", "shared", "slave"];

/** What the Engine takes behind the colon of `tmpfs`, but for `name=value`. */
const tmpfsFlags = (
  "async atime bind defaults dev diratime dirsync exec mand noatime nodev nodiratime noexec nomand " +
  "norelatime nostrictatime nosuid private rbind relatime remount ro rprivate rshared rslave " +
  "runbindable rw shared slave strictatime suid sync unbindable"
).split(" ");

/** The options with a value, and what it may be. */
const tmpfsValues: Readonly<Record<string, (value: string) => boolean>> = {
  size: (value) => /^\d+%$/.test(value) || parseBytes(value) !== undefined,
  mode: (value) => /^[0-7]+$/.test(value),
  uid: (value) => /^\d+$/.test(value),
  gid: (value) => /^\d+$/.test(value),
  nr_inodes: (value) => /^\d+[kmg]?$/i.test(value),
  nr_blocks: (value) => /^\d+[kmg]?$/i.test(value),
  mpol: () => true,
};

/** Holds what a service mounts against what the Engine can mount. */
export function checkMounts(at: ServiceAt): void {
  const { service, path } = at;
  listOf(service["volumes"]).map(fieldsOf).forEach((volume, index) =>
    checkVolume(volume, `${path}.volumes[${index}]`, at)
  );
  textsOf(service["tmpfs"]).forEach((item, index) => checkTmpfs(item, `${path}.tmpfs[${index}]`, at));
}

function checkVolume(volume: Fields, at: string, { context }: ServiceAt): void {
  const type = textOf(volume["type"]);
  const target = textOf(volume["target"]) ?? "";
  if (type === "cluster" || type === "npipe") {
    context.issues.error("KEY_REFUSED", at, {
      message: `${at} is of type ${type}, which a Linux host outside a swarm has not`,
      hint: "use a volume or a bind",
    });
    return;
  }
  const shown = context.issues.show(`${at}.target`, target);
  if (/^[A-Za-z]:/.test(target)) {
    context.issues.error("COMPOSE_VALUE", at, {
      message: `${at}: Compose takes ${shown} for a path on a Windows drive and would make an anonymous volume there`,
      hint: "give the volume a name of two letters or more",
    });
  } else if (!target.startsWith("/")) {
    context.issues.error("COMPOSE_VALUE", at, {
      message: `${at} is mounted at ${shown}, which is no absolute path`,
      hint: "write the whole path inside the container",
    });
  } else if (type === "bind" && target.includes(":")) {
    context.issues.error("COMPOSE_VALUE", at, {
      message: `${at} is mounted at ${shown}: the Engine takes no colon in the target of a bind`,
      hint: "mount it under another name",
    });
  } else if (target === "/") {
    context.issues.error("COMPOSE_VALUE", at, {
      message: `${at} is mounted at "/", the container's own root`,
      hint: "mount it at a folder inside the container",
    });
  }
  const source = textOf(volume["source"]) ?? "";
  if (type === "bind" && /^[A-Za-z]:[\\/]/.test(source)) {
    const hint = "write the path on the Linux host, or a relative one with / in place of \\";
    refuseValue(context, { path: `${at}.source`, found: source, problem: "a path on a Windows drive", hint });
  }
  const propagation = textOf(fieldsOf(volume["bind"])["propagation"]);
  if (propagation !== undefined && !propagations.includes(propagation)) {
    const hint = `write one of ${propagations.join(", ")}`;
    const problem = "no propagation of mounts";
    const where = `${at}.bind.propagation`;
    refuseValue(context, { path: where, found: propagation, problem, hint, known: propagations });
  }
  for (const kind of ["volume", "image"]) {
    const subpath = textOf(fieldsOf(volume[kind])["subpath"]);
    if (subpath === undefined || !(subpath.startsWith("/") || subpath.split("/").includes(".."))) continue;
    const problem = `no path inside the ${kind}`;
    const hint = "write a relative path without `..`";
    refuseValue(context, { path: `${at}.${kind}.subpath`, found: subpath, problem, hint });
  }
}

function checkTmpfs(item: string, path: string, { context }: ServiceAt): void {
  const { target, options } = parseTmpfs(item);
  if (!target.startsWith("/") || target === "/") {
    const problem = "no absolute path of a folder inside the container";
    refuseValue(context, { path, found: item, problem, hint: "write the whole path inside the container" });
    return;
  }
  for (const option of options) {
    const [name = "", ...value] = option.split("=");
    const isValid = value.length > 0
      ? Object.hasOwn(tmpfsValues, name) && tmpfsValues[name]!(value.join("="))
      : tmpfsFlags.includes(name);
    if (isValid) continue;
    refuseValue(context, {
      path,
      found: item,
      problem: `and "${option}" is no option of a tmpfs`,
      hint: "write options such as size=64m, mode=1777, uid=1000, noexec or ro",
    });
    return;
  }
}
