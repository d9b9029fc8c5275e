import { substituteFileList } from "./compose-file-variable.ts";
import { cleanPath } from "./clean-path.ts";
import type { ProjectFiles } from "./project-files.ts";
import type { Variable } from "./template.ts";

const fileNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] as const;
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
] as const;

/**
 * The Compose files of a folder for which none are named: what COMPOSE_FILE says (in `environment` or `.env`), or
 * `compose.yaml` or Compose's other names, in the folder or the nearest one above, with its override file.
 *
 * @param folder repository-relative
 * @returns repository-relative paths in merge order; empty when there are none
 */
export function defaultComposeFiles(
  files: ProjectFiles,
  folder: string,
  environment: ReadonlyMap<string, Variable>,
): readonly string[] {
  const named = substituteFileList(files, folder, environment);
  if (named) return named;
  for (let at = folder;;) {
    const found = firstOf(files, at, fileNames);
    if (found) {
      const override = firstOf(files, at, overrideNames);
      return override ? [found, override] : [found];
    }
    if (at === "") return [];
    at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "";
  }
}

function firstOf(files: ProjectFiles, folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => inFolder(folder, name)).find((path) => files.read(path) !== undefined);
}

export function inFolder(folder: string, path: string): string {
  return folder === "" ? cleanPath(path) : cleanPath(`${folder}/${path}`);
}
