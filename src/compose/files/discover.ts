import { composeNames, overrideNames } from "../../model/compose-files.ts";
import type { Position } from "../../model/position.ts";
import { createBudget } from "../limits.ts";
import type { ProjectFiles } from "../project-files.ts";
import { createCollector } from "../tree/collector.ts";
import { positionAt } from "../tree/source.ts";
import { defaultEnvFile, joinEnvironments, readEnvFiles } from "../variables/environment.ts";
import type { PlacedVariable } from "../variables/dotenv.ts";
import type { Variable } from "../variables/template.ts";
import { cleanPath } from "./clean-path.ts";
import { absolutePath, type Workspace } from "./workspace.ts";

export interface DiscoverRequest {
  readonly files: ProjectFiles;
  /** Absolute, in a tree whose root is that of `files`: where the paths in COMPOSE_FILE start. */
  readonly folder: string;
  /** Absolute: where the search starts instead. */
  readonly projectDirectory?: string;
  /** Wins over what env files set. */
  readonly environment: ReadonlyMap<string, Variable>;
  /** Absolute; instead of `.env`. */
  readonly envFiles?: readonly string[];
}

/** Absolute paths; `envFiles` in the order in which they are read, the later one wins. */
export interface DiscoveredFiles {
  /** In merge order; empty when there are none. */
  readonly composeFiles: readonly string[];
  readonly envFiles: readonly string[];
}

/**
 * The files that Compose takes when none are named: those in COMPOSE_FILE of the environment or of `.env`, else the
 * default ones of the folder or of the nearest one above it.
 */
export function discoverFiles(request: DiscoverRequest): DiscoveredFiles {
  const { files, folder, projectDirectory = folder } = request;
  const workspace = createWorkspace(files);
  const own = request.envFiles ?? defaultEnvFile(workspace, projectDirectory);
  const composeFiles = namedFiles(request, own)?.files ?? nearestFiles(files, projectDirectory);
  const [first] = composeFiles;
  if (request.envFiles || first === undefined) return { composeFiles, envFiles: own };
  const directory = request.projectDirectory ?? cleanPath(`${first}/..`);
  return { composeFiles, envFiles: [...new Set([...defaultEnvFile(workspace, directory), ...own])] };
}

/** What COMPOSE_FILE names, and the line that sets it. */
export interface NamedFiles {
  /** Absolute, in merge order. */
  readonly files: readonly string[];
  readonly position?: Position;
}

/**
 * The files that COMPOSE_FILE names, in the environment or in env files.
 *
 * @param envFiles absolute
 * @returns undefined when it is not set
 */
export function namedFiles(
  { files, folder, environment }: Pick<DiscoverRequest, "files" | "folder" | "environment">,
  envFiles: readonly string[],
): NamedFiles | undefined {
  // what is wrong with these files is told when the project is loaded
  const read = readEnvFiles(createWorkspace(files), envFiles, { environment, wanted: { what: "The env file" } });
  const variables: ReadonlyMap<string, Variable & Partial<PlacedVariable>> = joinEnvironments(environment, read);
  const named = variables.get("COMPOSE_FILE");
  if (!named) return undefined;
  const separator = variables.get("COMPOSE_PATH_SEPARATOR")?.value || ":";
  const paths = named.value.split(separator).map((path) => absolutePath(folder, path));
  return { files: paths, position: named.place ? positionAt(named.place) : named.position };
}

function nearestFiles(files: ProjectFiles, folder: string): readonly string[] {
  for (let at = cleanPath(folder);; at = cleanPath(`${at}/..`)) {
    const [found] = present(files, at, composeNames);
    if (found !== undefined) return [found, ...present(files, at, overrideNames).slice(0, 1)];
    if (at === "/") return [];
  }
}

function present(files: ProjectFiles, folder: string, names: readonly string[]): string[] {
  return names.map((name) => cleanPath(`${folder}/${name}`)).filter((path) => files.read(path.slice(1)) !== undefined);
}

function createWorkspace(files: ProjectFiles): Workspace {
  return {
    files,
    root: "/",
    collector: createCollector(),
    budget: createBudget(),
    duplicateKeys: "refuse",
    sources: new Map(),
    parsed: new Map(),
  };
}
