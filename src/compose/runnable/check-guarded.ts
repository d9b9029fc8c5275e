import type { GuardedPath } from "../../model/guarded.ts";
import type { DesiredContext } from "../desired.ts";
import { fieldsOf, listOf, textOf } from "../desired/fields.ts";
import { cleanPath } from "../files/clean-path.ts";

/**
 * Refuses what would give a container the folders of the agent or of another deployment, however it is spelled: binds,
 * files of configs and secrets, and volumes that are a folder of the host under another name.
 */
export function checkGuarded(context: DesiredContext): void {
  if (!context.options.guarded) return;
  const { services, configs, secrets, volumes } = context.project.model;
  for (const [key, service] of Object.entries(services)) {
    listOf(service["volumes"]).map(fieldsOf).forEach((volume, index) => {
      const source = textOf(volume["source"]) ?? "";
      if (volume["type"] === "bind") refuseGuarded(source, `services.${key}.volumes[${index}].source`, context);
    });
  }
  for (const [kind, resources] of [["configs", configs], ["secrets", secrets]] as const) {
    for (const [key, resource] of Object.entries(fieldsOf(resources))) {
      refuseGuarded(textOf(fieldsOf(resource)["file"]) ?? "", `${kind}.${key}.file`, context);
    }
  }
  for (const [key, volume] of Object.entries(fieldsOf(volumes))) {
    const options = fieldsOf(fieldsOf(volume)["driver_opts"]);
    for (const [name, value] of Object.entries(options)) {
      for (const path of pathsIn(textOf(value) ?? "")) {
        refuseGuarded(path, `volumes.${key}.driver_opts.${name}`, context);
      }
    }
  }
}

/** Absolute paths in an option of a volume: `/path`, and `lowerdir=/a:/b,upperdir=/c`. */
function pathsIn(option: string): readonly string[] {
  return option.split(/[,:=]/).filter((part) => part.startsWith("/"));
}

function refuseGuarded(source: string, path: string, { options, issues }: DesiredContext): void {
  if (!source.startsWith("/")) return;
  const { paths, own } = options.guarded!;
  const bound = hostPath(source);
  const guarded = paths.find((each) => isRefused(bound, each, own.map(hostPath)));
  if (!guarded) return;
  const how = hostPath(guarded.path) === bound ? "is" : isInside(bound, hostPath(guarded.path)) ? "lies in" : "holds";
  issues.error("BIND_GUARDED", path, {
    message: `${path} is ${issues.show(path, source)}, which ${how} ${guarded.what}`,
    hint: "no container may have it; bind files of the deployment's own checkout or keys instead",
  });
}

function isRefused(bound: string, { path, around }: GuardedPath, own: readonly string[]): boolean {
  const guarded = hostPath(path);
  if (isInside(guarded, bound) && guarded !== bound) return around === "guarded";
  if (!isInside(bound, guarded)) return false;
  return !own.some((folder) => isInside(bound, folder) && isInside(folder, guarded));
}

/** One spelling of a path: without `..`, without the kernel's ways around, and without the old name of /run. */
function hostPath(path: string): string {
  let clean = cleanPath(path);
  for (let before = ""; before !== clean;) {
    before = clean;
    clean = cleanPath(clean.replace(/^\/proc\/(?:self|thread-self|\d+)(?:\/task\/\d+)?\/root(?=\/|$)/, "/"));
  }
  return clean.replace(/^\/var\/run(?=\/|$)/, "/run");
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
