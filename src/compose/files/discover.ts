import { composeNames, overrideNames } from "../../model/compose-files.ts";
import type { Position } from "../../model/position.ts";
import type { ProjectFiles } from "../project-files.ts";
import { createCollector } from "../tree/collector.ts";
import { positionAt } from "../tree/source.ts";
import {
  composeVariables,
  defaultEnvFile,
  isDefaultEnvFileOff,
  readDefaultEnvFile,
} from "../variables/default-env-file.ts";
import { type Environment, joinEnvironments, readEnvFiles } from "../variables/environment.ts";
import type { PlacedVariable } from "../variables/dotenv.ts";
import type { Variable } from "../variables/template.ts";
import { cleanPath, folderOf } from "./clean-path.ts";
import { absolutePath, createWorkspace, type Workspace } from "./workspace.ts";

export interface DiscoverRequest {
  readonly files: ProjectFiles;
  /** Absolute, in a tree whose root is that of `files`: where the paths in COMPOSE_FILE start. */
  readonly folder: string;
  /** Absolute: where the search starts instead. */
  readonly projectDirectory?: string;
  /** Wins over what env files set. */
  readonly environment: Environment;
  /** Absolute; instead of `.env` and of what COMPOSE_ENV_FILES names. */
  readonly envFiles?: readonly string[];
}

/** Absolute paths. */
export interface DiscoveredFiles {
  /** In merge order; empty when there are none. */
  readonly composeFiles: readonly string[];
  /** In the order in which they are read, the later one wins; undefined: `.env` beside the first Compose file. */
  readonly envFiles: readonly string[] | undefined;
  /** The request's, with the COMPOSE_ variables of env files, which Compose takes over before anything else. */
  readonly environment: Environment;
}

/**
 * The files that Compose takes when none are named: those in COMPOSE_FILE of the environment or of `.env`, else the
 * default ones of the folder or of the nearest one above it. What is wrong with an env file is told when the project is
 * loaded.
 */
export function discoverFiles(request: DiscoverRequest): DiscoveredFiles {
  const { files, folder, projectDirectory = folder } = request;
  const workspace = searchWorkspace(files);
  const named = request.envFiles ?? namedEnvFiles(request);
  const variables = named
    ? readEnvFiles(workspace, named, { environment: request.environment, wanted: { what: "The env file" } })
    : readDefaultEnvFile(workspace, projectDirectory, request.environment);
  const environment = joinEnvironments(request.environment, composeVariables(variables));
  const composeFiles = filesNamedIn(environment, folder)?.files ?? nearestFiles(files, projectDirectory);
  const [first] = composeFiles;
  const directory = request.projectDirectory ?? folderOf(first ?? folder);
  // what COMPOSE_DISABLE_ENV_FILE cannot be is told where the loader looks for `.env` itself
  const judged = createCollector();
  const isElsewhere = !named && first !== undefined && directory !== cleanPath(projectDirectory) &&
    !isDefaultEnvFileOff(environment, judged) && !judged.hasErrors();
  const both = [...defaultEnvFile(workspace, directory), ...defaultEnvFile(workspace, projectDirectory)];
  return { composeFiles, envFiles: isElsewhere ? both : named, environment };
}

/** The files that COMPOSE_ENV_FILES of the environment names, which count where the command line names none. */
export function namedEnvFiles(
  { folder, environment }: Pick<DiscoverRequest, "folder" | "environment">,
): readonly string[] | undefined {
  const paths = environment.get("COMPOSE_ENV_FILES")?.value.split(",").filter((path) => path !== "") ?? [];
  return paths.length > 0 ? paths.map((path) => absolutePath(folder, path)) : undefined;
}

/** What COMPOSE_FILE names, and the line that sets it. */
export interface NamedFiles {
  /** Absolute, in merge order. */
  readonly files: readonly string[];
  readonly position?: Position;
}

/**
 * The files that COMPOSE_FILE names, in the environment or in `.env` of the folder.
 *
 * @returns undefined when it is not set
 */
export function namedFiles(
  { files, folder, environment }: Pick<DiscoverRequest, "files" | "folder" | "environment">,
): NamedFiles | undefined {
  const variables = readDefaultEnvFile(searchWorkspace(files), folder, environment);
  return filesNamedIn(joinEnvironments(environment, variables), folder);
}

function filesNamedIn(
  environment: ReadonlyMap<string, Variable & Partial<PlacedVariable>>,
  folder: string,
): NamedFiles | undefined {
  const named = environment.get("COMPOSE_FILE");
  if (!named) return undefined;
  const separator = environment.get("COMPOSE_PATH_SEPARATOR")?.value || ":";
  const paths = named.value.split(separator).map((path) => absolutePath(folder, path));
  return { files: paths, position: named.place ? positionAt(named.place) : named.position };
}

function nearestFiles(files: ProjectFiles, folder: string): readonly string[] {
  for (let at = cleanPath(folder);; at = folderOf(at)) {
    const [found] = present(files, at, composeNames);
    if (found !== undefined) return [found, ...present(files, at, overrideNames).slice(0, 1)];
    if (at === "/") return [];
  }
}

function present(files: ProjectFiles, folder: string, names: readonly string[]): string[] {
  return names.map((name) => cleanPath(`${folder}/${name}`)).filter((path) => files.read(path.slice(1)) !== undefined);
}

function searchWorkspace(files: ProjectFiles): Workspace {
  return createWorkspace({ files, root: "/", collector: createCollector(), duplicateKeys: "refuse" });
}
