import type { ComposeModel } from "../model/compose.ts";
import { compareText, hasErrors, type Issue } from "../model/issue.ts";
import type { Position } from "../model/position.ts";
import { checkConsistency } from "./check/check-consistency.ts";
import { dropUnused } from "./check/drop-unused.ts";
import { type ProfiledServices, profilesOf, splitByProfile } from "./check/profiles.ts";
import { blindingCodes } from "./codes.ts";
import { cleanPath, folderOf } from "./files/clean-path.ts";
import { loadFileSet } from "./files/load-files.ts";
import { chooseProjectName } from "./files/project-name.ts";
import { absolutePath, createWorkspace, type Workspace } from "./files/workspace.ts";
import { normalise } from "./forms/normalise.ts";
import { modelOf } from "./print.ts";
import type { ProjectFiles } from "./project-files.ts";
import { type Collector, createCollector } from "./tree/collector.ts";
import { findNode, nodePosition, secretPathsOf } from "./tree/locate.ts";
import { entry, mapFrom, type MapNode, type Node, withEntries } from "./tree/node.ts";
import { encode } from "./types/encode.ts";
import { projectShape } from "./types/shapes-project.ts";
import { serviceShape } from "./types/shapes-service.ts";
import { contentsOf } from "./variables/contents.ts";
import { readDefaultEnvFile } from "./variables/default-env-file.ts";
import { type Environment, joinEnvironments, readEnvFiles } from "./variables/environment.ts";
import { takeEnvFiles, takeLabelFiles } from "./variables/service-files.ts";
import type { Variable } from "./variables/template.ts";

export type { Variable } from "./variables/template.ts";

export interface LoadRequest {
  readonly files: ProjectFiles;
  /** Repository-relative, in merge order; `when` of the manifest is already resolved. */
  readonly composeFiles: readonly string[];
  /** Repository-relative; default: the folder of the first Compose file. */
  readonly projectDirectory?: string;
  /** Wins over `name:`. */
  readonly projectName?: string;
  /** Instead of the folder's name, where no file has `name:`. */
  readonly defaultProjectName?: string;
  /**
   * The manifest's `environment`; wins over `.env`. The agent's own environment is never read: PWD is the project
   * directory unless it is given.
   */
  readonly environment: ReadonlyMap<string, Variable>;
  /** Repository-relative; instead of `.env`. */
  readonly envFiles?: readonly string[];
  readonly profiles: readonly string[];
  readonly duplicateKeys: "refuse" | "last";
  /** Absolute path on the host that the repository's root is placed at. */
  readonly root: string;
}

/** A project that Compose would run, in canonical form. */
export interface LoadedProject {
  /** What `docker compose config --format json` prints, but for `$`, which it doubles. */
  readonly model: ComposeModel;
  /** The place of a value of the model (`services.web.ports[0]`), or of its nearest parent that has one. */
  readonly positionOf: (path: string) => Position | undefined;
  /** Paths of the model whose value holds bytes of a key. */
  readonly secretPaths: ReadonlySet<string>;
  /** The variables that interpolation saw: the request's, those of `.env`, and the project's name. */
  readonly environment: ReadonlyMap<string, Variable>;
  readonly profiles: readonly string[];
  /** Absolute: Compose's project directory on the host. */
  readonly directory: string;
  readonly files: ProjectFiles;
  /** As in the request. */
  readonly root: string;
  /** The model with its places; services keep `label_file`, of which the config-hash is made too. */
  readonly tree: MapNode;
  /** What the `environment` of configs and secrets holds, by path (`secrets.db`); bytes of keys may be among it. */
  readonly contents: ReadonlyMap<string, string>;
  /** Keys of the services that no profile turns on. */
  readonly disabledServices: readonly string[];
  /** The profiles that services name, sorted. */
  readonly profileNames: readonly string[];
}

export interface LoadResult {
  /** Absent when an issue is an error. */
  readonly project?: LoadedProject;
  /** All that was found, sorted. */
  readonly issues: readonly Issue[];
}

/**
 * Loads Compose files as Docker Compose 2.40 does. A tree of values with their places goes from phase to phase, one a
 * file: `loadFileSet` takes the documents of all files through theirs, then `load` makes what they imply explicit, and
 * `completeProject` brings the whole into canonical form. Nothing is thrown: what is wrong with the files is in `issues`.
 */
export function loadProject(request: LoadRequest): LoadResult {
  const collector = createCollector();
  const project = load(request, collector);
  const issues = collector.issues();
  return project && !hasErrors(issues) ? { project, issues } : { issues };
}

function load(request: LoadRequest, collector: Collector): LoadedProject | undefined {
  const root = cleanPath(`/${request.root}`);
  const { files, duplicateKeys } = request;
  const workspace = createWorkspace({ files, root, collector, duplicateKeys });
  const composeFiles = request.composeFiles.map((file) => absolutePath(root, file));
  const directory = request.projectDirectory === undefined
    ? folderOf(composeFiles[0] ?? root)
    : absolutePath(root, request.projectDirectory);
  const given = projectEnvironment(request, workspace, directory);
  const name = chooseProjectName({
    workspace,
    files: composeFiles,
    folder: directory,
    environment: given,
    given: request.projectName,
    fallback: request.defaultProjectName,
  });
  const environment = joinEnvironments(new Map([["COMPOSE_PROJECT_NAME", { value: name?.text ?? "" }]]), given);
  const wanted = (): { readonly what: string } => ({ what: "The Compose file" });
  const set = { workspace, files: composeFiles, folder: directory, environment, includedBy: [], wanted };
  const loaded = loadFileSet(set);
  if (!loaded || (loaded.kind === "map" && loaded.entries.size === 0)) {
    if (!collector.hasErrors()) refuseEmpty(workspace, composeFiles);
    return undefined;
  }
  if (name === undefined) return undefined;
  const normalised = normalise(loaded, { projectName: name, environment });
  const completed = completeProject(normalised, { request, workspace, environment });
  if (!completed || collector.hasErrors()) return undefined;
  const { services, tree } = completed;
  return loadedProject(tree, { request, environment, directory, root, services, contents: contentsOf(loaded) });
}

/** `version` is no content, nor is what an included file has beside resources. */
function refuseEmpty({ sources, collector }: Workspace, files: readonly string[]): void {
  const source = sources.get(files.at(-1) ?? "");
  collector.error("COMPOSE_EMPTY", "No Compose file has any content", {
    ...(source && { place: { source, offset: 0 } }),
    hint: 'begin with "services:"',
  });
}

/** The request's variables over those of `.env`. A process always has a working directory: Compose's is PWD. */
function projectEnvironment(request: LoadRequest, workspace: Workspace, directory: string): Environment {
  const environment = joinEnvironments(request.environment, new Map([["PWD", { value: directory }]]));
  const paths = request.envFiles?.map((file) => absolutePath(workspace.root, file));
  const variables = paths
    ? readEnvFiles(workspace, paths, { environment, wanted: { what: "The env file" } })
    : readDefaultEnvFile(workspace, directory, environment);
  return joinEnvironments(environment, variables);
}

interface Completion {
  readonly request: LoadRequest;
  readonly workspace: Workspace;
  readonly environment: Environment;
}

/** From the normalised tree to the canonical one: types, profiles, references, env and label files. */
function completeProject(
  normalised: Node,
  context: Completion,
): { readonly tree: MapNode; readonly services: ProfiledServices } | undefined {
  const { workspace, environment, request } = context;
  const { collector } = workspace;
  const encoded = encode(normalised, projectShape, { path: "", collector });
  if (encoded?.kind !== "map") return undefined;
  const services = splitByProfile(entry(encoded, "services"), activeProfiles(request, environment));
  if (collector.hasErrorOf(blindingCodes) || collector.hasErrorAt("include")) return undefined;
  const checked = checkConsistency({ root: encoded, written: normalised, services, collector });
  const complete = takeServiceFiles(checked, context);
  const used = dropUnused(withEntries(encoded, { services: mapFrom(entry(encoded, "services") ?? encoded, complete) }));
  return { tree: withExtensions(used), services };
}

function takeServiceFiles(
  services: ReadonlyMap<string, MapNode>,
  { workspace, environment }: Completion,
): ReadonlyMap<string, MapNode> {
  return new Map(
    [...services].map(([key, service]) => {
      const options = { workspace, environment, path: `services.${key}` };
      return [key, inPrintedOrder(takeLabelFiles(takeEnvFiles(service, options), options))];
    }),
  );
}

/** What env and label files brought stands where Compose has it: the config-hash is made of that order. */
function inPrintedOrder(service: MapNode): MapNode {
  const keys = Object.keys(serviceShape.fields).filter((key) => service.entries.has(key));
  return { ...service, entries: new Map(keys.map((key) => [key, service.entries.get(key)!])) };
}

function activeProfiles(request: LoadRequest, environment: Environment): readonly string[] {
  if (request.profiles.length > 0) return request.profiles;
  const named = environment.get("COMPOSE_PROFILES")?.value ?? "";
  // with none named Compose turns on the profile "", which a service may have
  return named.split(",").map((profile) => profile.trim());
}

/** `x-…` at the top is printed as JSON too. */
function withExtensions(root: MapNode): MapNode {
  return root.extensions ? { ...root, entries: new Map([...root.entries, ...root.extensions]) } : root;
}

function loadedProject(
  tree: MapNode,
  context: {
    readonly request: LoadRequest;
    readonly environment: Environment;
    readonly directory: string;
    readonly root: string;
    readonly services: ProfiledServices;
    readonly contents: ReadonlyMap<string, string>;
  },
): LoadedProject {
  const { request, environment, directory, root, services, contents } = context;
  const everyService = [...services.enabled.values(), ...services.disabled.values()];
  return {
    model: modelOf(tree),
    positionOf: (path) => nodePosition(findNode(tree, path)),
    secretPaths: secretPathsOf(tree),
    environment,
    profiles: request.profiles,
    directory,
    files: request.files,
    root,
    tree,
    contents,
    disabledServices: [...services.disabled.keys()],
    profileNames: [...new Set(everyService.flatMap(profilesOf))].sort(compareText),
  };
}
