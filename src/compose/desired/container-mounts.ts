import type { Mount } from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import type { DesiredContext } from "../desired.ts";
import {
  bytesOf,
  type Fields,
  fieldsOf,
  flagOf,
  listOf,
  numberOf,
  said,
  textMapOf,
  textOf,
  textsOf,
} from "./fields.ts";
import { fileMounts } from "./file-mounts.ts";
import { parseTmpfs } from "../forms/tmpfs.ts";
import { parseBytes } from "../types/units.ts";

/** Everything that is mounted into the container of a service, by target; a volume wins over a secret or config. */
export function containerMounts(key: string, context: DesiredContext): readonly Mount[] {
  const service = context.project.model.services[key]!;
  const mounts = new Map<string, Mount>();
  for (const mount of fileMounts(key, context)) mounts.set(mount.target, mount);
  for (const item of textsOf(service["tmpfs"])) {
    const mount = tmpfsMount(item);
    mounts.set(mount.target, mount);
  }
  for (const volume of listOf(service["volumes"]).map(fieldsOf)) {
    const mount = volumeMount(volume, context);
    mounts.set(mount.target, mount);
  }
  return [...mounts.values()].sort((a, b) => compareText(a.target, b.target));
}

function tmpfsMount(item: string): Mount {
  const { target, options } = parseTmpfs(item);
  let size: number | undefined;
  let mode: number | undefined;
  let readOnly = false;
  const others: string[] = [];
  for (const option of options) {
    const [name, value = ""] = option.split("=");
    const bytes = name === "size" ? parseBytes(value) : undefined;
    if (bytes !== undefined) size = bytes;
    else if (option === "ro") readOnly = true;
    else if (name === "mode" && /^[0-7]+$/.test(value)) mode = parseInt(value, 8);
    else others.push(option);
  }
  return said({
    type: "tmpfs",
    source: "",
    target,
    readOnly,
    tmpfsSizeBytes: size,
    tmpfsMode: mode,
    tmpfsOptions: others.sort(compareText),
  });
}

function volumeMount(volume: Fields, context: DesiredContext): Mount {
  const type = (textOf(volume["type"]) ?? "volume") as Mount["type"];
  const bind = fieldsOf(volume["bind"]);
  const options = fieldsOf(volume["volume"]);
  const tmpfs = fieldsOf(volume["tmpfs"]);
  const image = fieldsOf(volume["image"]);
  const selinux = textOf(bind["selinux"]);
  return said({
    type,
    source: sourceOf(type, textOf(volume["source"]) ?? "", context),
    target: textOf(volume["target"]) ?? "",
    readOnly: flagOf(volume["read_only"]) ?? false,
    createHostPath: type === "bind" ? mayCreate(volume, context) : undefined,
    propagation: textOf(bind["propagation"]),
    selinux: selinux === "z" || selinux === "Z" ? selinux : undefined,
    recursive: textOf(bind["recursive"]),
    noCopy: flagOf(options["nocopy"]),
    labels: options["labels"] === undefined ? undefined : textMapOf(options["labels"]),
    subpath: textOf(options["subpath"]) ?? textOf(image["subpath"]),
    tmpfsSizeBytes: bytesOf(tmpfs["size"]),
    tmpfsMode: numberOf(tmpfs["mode"]),
    consistency: textOf(volume["consistency"]),
  });
}

/**
 * Docker makes folders outside the checkout only: inside, a missing source is an error, never a folder in its place.
 * Without `bind` Compose lets it make them, with an empty one it does not.
 */
function mayCreate(volume: Fields, { options }: DesiredContext): boolean | undefined {
  const { checkout } = options.folders;
  const source = textOf(volume["source"]) ?? "";
  if (source === checkout || source.startsWith(`${checkout}/`)) return false;
  return volume["bind"] === undefined || flagOf(fieldsOf(volume["bind"])["create_host_path"]) === true;
}

function sourceOf(type: Mount["type"], source: string, context: DesiredContext): string {
  if (type !== "volume" || source === "") return type === "tmpfs" ? "" : source;
  return textOf(fieldsOf(context.project.model.volumes?.[source])["name"]) ?? source;
}
