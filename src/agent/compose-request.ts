import { dirname, relative } from "node:path/posix";
import { discoverFiles, namedEnvFiles } from "../compose/files/discover.ts";
import { emptyFile } from "../compose/files/workspace.ts";
import type { Variable } from "../compose/load.ts";
import { type ProjectFiles, projectFiles } from "../compose/project-files.ts";
import { manifestName } from "../config/manifest-name.ts";
import { HoldfastError } from "../model/error.ts";
import type { RevisionFiles } from "../model/files.ts";
import type { FolderReader } from "../ports/folder-reader.ts";
import type { ConfigOptions } from "./application.ts";

/** What stands for standard input among Compose files (`-f -`), and in the positions of its issues. */
export const standardInput = "<stdin>";

/** The files that Compose would load for its own flags; paths are relative to the root. */
export interface ComposeRequest {
  /** Absolute. */
  readonly root: string;
  readonly files: RevisionFiles;
  /** What the options give, as Compose completes it. */
  readonly environment: ReadonlyMap<string, Variable>;
  /** In merge order; empty when there are none, or when a manifest names them. */
  readonly composeFiles: readonly string[];
  /** "" is the root. */
  readonly projectDirectory: string | undefined;
  /** The later one wins; undefined leaves it at `.env` beside the first Compose file. */
  readonly envFiles: readonly string[] | undefined;
}

/**
 * Finds the files that Compose would load: those named by flags, by COMPOSE_FILE in the environment or in `.env`, or
 * the default ones in the folder or above it.
 *
 * @throws HoldfastError `SOURCE_NOT_FOUND`; `USAGE` for a file outside `options.root`
 */
export async function findComposeFiles(options: ConfigOptions, reader: FolderReader): Promise<ComposeRequest> {
  const folder = await reader.resolve(options.folder);
  const given = Object.entries({ PWD: folder, ...options.environment });
  const environment = new Map(given.map(([name, value]) => [name, { value }]));
  const named = await namedByFlags(options, { folder, reader });
  const envFiles = named.envFiles ?? namedEnvFiles({ folder, environment });
  // the whole disk is only asked for files by name, never walked
  const disk: ProjectFiles = { ...projectFiles(await reader.read("/")), isFolder: () => false };
  const found = named.composeFiles || hasManifest(folder, disk)
    ? { composeFiles: named.composeFiles ?? [], envFiles, environment }
    : discoverFiles({ ...named, files: disk, folder, environment });
  const used = [...found.composeFiles, ...found.envFiles ?? []].filter(isOnDisk).map((path) => dirname(path));
  if (named.projectDirectory !== undefined) used.push(named.projectDirectory);
  const root = options.root === undefined
    ? await findRoot(used, { folder, reader })
    : await reader.resolve(options.root);
  const inRoot = (path: string) => isOnDisk(path) ? pathInside(root, path) : path;
  return {
    root,
    files: await reader.read(root),
    environment: found.environment,
    composeFiles: found.composeFiles.map(inRoot),
    projectDirectory: named.projectDirectory === undefined ? undefined : inRoot(named.projectDirectory),
    envFiles: found.envFiles?.map(inRoot),
  };
}

/** Absolute paths; undefined for what no flag names. */
interface NamedByFlags {
  readonly composeFiles?: readonly string[];
  readonly envFiles?: readonly string[];
  readonly projectDirectory?: string;
}

async function namedByFlags(
  options: ConfigOptions,
  { folder, reader }: { readonly folder: string; readonly reader: FolderReader },
): Promise<NamedByFlags> {
  const resolveAll = (paths: readonly string[]) => Promise.all(paths.map((path) => reader.resolve(path)));
  const { files, envFiles, projectDirectory } = options;
  const composeFiles = await Promise.all(files.map((path) => path === "-" ? standardInput : reader.resolve(path)));
  const onDisk = composeFiles.find(isOnDisk);
  const directory = projectDirectory !== undefined
    ? await reader.resolve(projectDirectory)
    : composeFiles[0] === standardInput
    ? onDisk === undefined ? folder : dirname(onDisk)
    : undefined;
  return {
    ...(composeFiles.length > 0 && { composeFiles }),
    ...(envFiles.length > 0 && { envFiles: await resolveAll(envFiles) }),
    ...(directory !== undefined && { projectDirectory: directory }),
  };
}

function isOnDisk(path: string): boolean {
  return path !== standardInput && path !== emptyFile;
}

/** Whether the folder says itself what it deploys; a manifest of another ending is refused where it is read. */
function hasManifest(folder: string, disk: ProjectFiles): boolean {
  return [manifestName, "holdfast.yml"].some((name) => disk.read(`${folder}/${name}`.slice(1)) !== undefined);
}

/** The repository of the folder when that holds all that is used, else the one of the nearest folder that does. */
async function findRoot(
  used: readonly string[],
  { folder, reader }: { readonly folder: string; readonly reader: FolderReader },
): Promise<string> {
  const own = await reader.findRoot(folder);
  if (used.every((path) => isInside(own, path))) return own;
  let common = used[0]!;
  while (!used.every((path) => isInside(common, path))) common = dirname(common);
  return await reader.findRoot(common);
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}

function pathInside(root: string, path: string): string {
  if (isInside(root, path)) return relative(root, path);
  throw new HoldfastError("USAGE", `Cannot read "${path}": it lies outside "${root}"`, {
    retry: "operator",
    hint: "name the folder that holds all files with --root",
  });
}
