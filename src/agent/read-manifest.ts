import { dirname, relative } from "node:path/posix";
import { namedFiles } from "../compose/files/discover.ts";
import type { ProjectFiles } from "../compose/project-files.ts";
import { defaultManifest, withDefaultCompose } from "../config/default-compose.ts";
import { loadManifest } from "../config/load.ts";
import { manifestName } from "../config/manifest-name.ts";
import type { ComposeEntry, Manifest } from "../config/manifest.ts";
import { manifestPaths } from "../config/paths.ts";
import { hasErrors, type Issue } from "../model/issue.ts";
import type { Position } from "../model/position.ts";

/** The manifest of one deployment folder with its paths resolved, or what is wrong with it. */
export interface ManifestReading {
  readonly manifest?: ResolvedManifest;
  readonly issues: readonly Issue[];
}

export interface ResolvedManifest {
  readonly manifest: Manifest;
  /** Repository paths in merge order; those whose `when` is not in the revision are left out. */
  readonly composeFiles: readonly string[];
  /** Repository paths. */
  readonly keys?: { readonly bundle: string; readonly into: string };
}

/** Files by their path in the repository. */
export interface FileLookup {
  has(path: string): boolean;
  read(path: string): Uint8Array | undefined;
}

/**
 * Reads `holdfast.yaml` of a folder, or takes Compose's defaults where there is none.
 *
 * @param folder inside the repository, `.` for its root
 */
export function readManifest(folder: string, files: FileLookup): ManifestReading {
  const file = folder === "." ? manifestName : `${folder}/${manifestName}`;
  const bytes = files.read(file);
  const has = (path: string): boolean => files.has(path);
  const loaded = bytes ? loadManifest(new TextDecoder().decode(bytes), file) : defaultManifest(folder, has);
  if (!loaded.manifest) return { issues: loaded.issues };
  const named = loaded.manifest.compose.length === 0 ? namedByVariable(loaded.manifest, files) : undefined;
  const complete = named ? { manifest: named.manifest, issues: [] } : withDefaultCompose(loaded.manifest, has);
  if (!complete.manifest) return { issues: [...loaded.issues, ...complete.issues] };
  const paths = manifestPaths(complete.manifest);
  const wanted = paths.compose.filter((entry) => entry.when === undefined || files.has(entry.when));
  const issues = [
    ...loaded.issues,
    ...complete.issues,
    ...paths.issues,
    ...missingFiles(wanted, files, {
      by: named ? "COMPOSE_FILE" : '"compose"',
      place: (file) => named?.position ?? composePlace(complete.manifest!, file),
    }),
  ];
  if (hasErrors(issues)) return { issues };
  return {
    manifest: { manifest: complete.manifest, composeFiles: wanted.map(({ file }) => file), keys: paths.keys },
    issues,
  };
}

/** The manifest with the files that COMPOSE_FILE names, as Compose reads it from `environment` and `.env`. */
function namedByVariable(manifest: Manifest, { read }: FileLookup) {
  const folder = `/${dirname(manifest.file)}`;
  const environment = new Map(
    Object.entries(manifest.environment).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, { value }]] : []
    ),
  );
  const files: ProjectFiles = { read, isFolder: () => false, list: () => [] };
  const named = namedFiles({ files, folder, environment });
  if (!named) return undefined;
  const compose = named.files.map((file) => ({ file: relative(folder, file) }));
  return { manifest: { ...manifest, compose }, position: named.position };
}

function missingFiles(
  entries: readonly ComposeEntry[],
  files: FileLookup,
  needed: { readonly by: string; readonly place: (file: string) => Position | undefined },
): Issue[] {
  return entries.filter((entry) => !files.has(entry.file)).map(({ file }) => ({
    code: "MANIFEST_FILE_MISSING",
    severity: "error",
    message: `"${file}" is not in the revision, needed by ${needed.by}`,
    hint: "commit the file, or take it off the list",
    position: needed.place(file),
  }));
}

function composePlace(manifest: Manifest, file: string): Position | undefined {
  const name = file.split("/").at(-1) ?? file;
  const index = manifest.compose.findIndex((entry) => entry.file.endsWith(name));
  return manifest.positionOf(index < 0 ? "compose" : `compose[${index}]`);
}
