import { cleanPath } from "../../src/compose/files/clean-path.ts";
import type { ProjectFiles } from "../../src/compose/project-files.ts";

const fileNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] as const;
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
] as const;

/**
 * The Compose files that the real Compose finds when none are named: `compose.yaml` or its other names, in the folder or
 * the nearest one above, with the override file beside it.
 *
 * @param folder repository-relative
 * @returns repository-relative paths in merge order; empty when there are none
 */
export function defaultComposeFiles(files: ProjectFiles, folder: string): readonly string[] {
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

function inFolder(folder: string, path: string): string {
  return folder === "" ? cleanPath(path) : cleanPath(`${folder}/${path}`);
}
