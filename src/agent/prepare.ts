import { baseline } from "../../policies/baseline/pack.ts";
import { mender } from "../../policies/mender/pack.ts";
import { desiredState } from "../compose/desired.ts";
import { loadProject, type Variable } from "../compose/load.ts";
import { projectFiles } from "../compose/project-files.ts";
import type { Manifest } from "../config/manifest.ts";
import { HoldfastError } from "../model/error.ts";
import type { DesiredState } from "../model/desired.ts";
import type { RevisionFiles } from "../model/files.ts";
import { boundIssue, hasErrors, type Issue, sortIssues } from "../model/issue.ts";
import type { Position } from "../model/position.ts";
import type { Revision } from "../model/revision.ts";
import { evaluate } from "../policy/evaluate.ts";
import { pemFactsByPath } from "../policy/key-facts.ts";
import type { Pack, Verdict } from "../policy/policy.ts";
import type { Deployment } from "./deployment.ts";
import { unknownReferences } from "./manifest-references.ts";
import { keyRedactor, type KeysRequest, type OpenedKeys } from "./open-keys.ts";
import { readManifest, type ResolvedManifest } from "./read-manifest.ts";

/** One revision, read, opened and loaded: everything a pass enforces. */
export interface PreparedRevision {
  readonly revision: Revision;
  readonly files: RevisionFiles;
  readonly manifest: Manifest;
  /** Absolute paths of the Compose files on the host, in merge order. */
  readonly configFiles: readonly string[];
  readonly keys?: OpenedKeys;
  readonly desired: DesiredState;
  /** Warnings only. */
  readonly issues: readonly Issue[];
}

/** What of a deployment decides what a revision is. */
export interface PreparingDeployment extends Pick<Deployment, "digestKey" | "defaultProject" | "guarded"> {
  readonly config: Pick<Deployment["config"], "path" | "checkout">;
  readonly ports: {
    readonly source: Pick<Deployment["ports"]["source"], "read">;
    readonly hostFiles: Pick<Deployment["ports"]["hostFiles"], "folders">;
  };
}

interface Preparing {
  readonly commit: string;
  /** Gives the keys of a revision that has a bundle. */
  readonly open: (request: KeysRequest) => Promise<OpenedKeys>;
}

/**
 * Reads, opens and loads one commit that the object store holds.
 *
 * @throws HoldfastError `REVISION_INVALID` with every issue; `KEYS_*`; `SOURCE_*` when the store cannot give it
 */
export async function prepareRevision(
  deployment: PreparingDeployment,
  preparing: Preparing,
  signal: AbortSignal,
): Promise<PreparedRevision> {
  return (await loadRevision(deployment, preparing, signal)).prepared;
}

/** A prepared revision, and the places of its values as data. */
export interface LoadedRevision {
  readonly prepared: PreparedRevision;
  readonly places: () => ReadonlyMap<string, Position>;
}

/** As `prepareRevision()`. */
export async function loadRevision(
  deployment: PreparingDeployment,
  { commit, open }: Preparing,
  signal: AbortSignal,
): Promise<LoadedRevision> {
  const { revision, files } = await deployment.ports.source.read(commit, signal);
  const reading = readManifest(deployment.config.path, {
    has: (path) => files.has(path),
    read: (path) => files.get(path)?.bytes,
  });
  if (!reading.manifest) throw invalidRevision(revision, reading.issues);
  const { manifest, keys: paths } = reading.manifest;
  const request = paths && { manifest, paths, files, digestKey: deployment.digestKey };
  const keys = request && await open(request);
  const loaded = loadDesired(deployment, { ...reading.manifest, files, keys });
  const redact = keyRedactor(keys);
  const issues = sortIssues([...reading.issues, ...loaded.issues]).map((issue) => ({
    ...issue,
    message: redact(issue.message),
    hint: issue.hint && redact(issue.hint),
  })).map(boundIssue); // after the keys were taken out: no part of one is left
  if (!loaded.desired || hasErrors(issues)) throw invalidRevision(revision, issues);
  const { desired, places } = loaded;
  const configFiles = reading.manifest.composeFiles.map((file) => `${deployment.config.checkout}/${file}`);
  return { prepared: { revision, files, manifest, configFiles, keys, desired, issues }, places };
}

/** What the policies of the manifest say of a prepared revision. */
export function judge({ manifest, desired, keys, files }: PreparedRevision, now: Date): readonly Verdict[] {
  const tracked = [...files].filter(([, file]) => file.mode !== "link").map(([path, { bytes }]) => ({ path, bytes }));
  return evaluate({
    desired,
    keys: keys?.facts ?? new Map(),
    keyPems: pemFactsByPath(keys?.files ?? []),
    trackedPems: pemFactsByPath(tracked),
    packs: packsOf(manifest),
    waivers: waiversOf(manifest),
    now,
  });
}

/** The policies that the manifest asks for. */
export function packsOf(manifest: Manifest): Pack[] {
  const known = { baseline, mender };
  return manifest.policies.packs.map((name) => known[name]);
}

/** The manifest's waivers, each with its line. */
export function waiversOf(manifest: Manifest) {
  return manifest.policies.waive.map((waiver, index) => ({
    ...waiver,
    position: manifest.positionOf(`policies.waive[${index}]`),
  }));
}

interface RevisionContent extends Omit<ResolvedManifest, "keys"> {
  readonly files: RevisionFiles;
  readonly keys: OpenedKeys | undefined;
}

function loadDesired(deployment: PreparingDeployment, content: RevisionContent) {
  const { manifest, files, keys } = content;
  const { checkout } = deployment.config;
  const variables = manifestVariables(manifest, keys);
  const { project, issues } = loadProject({
    files: projectFiles(files),
    composeFiles: content.composeFiles,
    projectName: manifest.project,
    defaultProjectName: deployment.defaultProject,
    environment: variables.environment,
    profiles: manifest.profiles,
    duplicateKeys: manifest.duplicateKeys,
    root: checkout,
  });
  if (!project) return { issues: [...variables.issues, ...issues], places: () => new Map() };
  const folder = content.composeFiles[0]?.split("/").slice(0, -1).join("/") ?? "";
  const result = desiredState(project, {
    folders: {
      checkout,
      project: folder === "" ? checkout : `${checkout}/${folder}`,
      keys: keys && `${checkout}/${keys.into}`,
      secrets: deployment.ports.hostFiles.folders.secrets,
    },
    files,
    keys: keys && { into: keys.into, facts: keys.facts },
    creatableVolumes: manifest.volumes,
    stoppedServices: Object.entries(manifest.services).filter(([, service]) => service.desired === "stopped").map((
      [key],
    ) => key),
    digestKey: deployment.digestKey,
    guarded: deployment.guarded,
  });
  const references = unknownReferences(content, project);
  return {
    desired: result.desired,
    places: result.places,
    issues: [...variables.issues, ...issues, ...result.issues, ...references],
  };
}

/** The manifest's variables; those that name a key take its text, less one newline at its end. */
function manifestVariables(manifest: Manifest, keys: OpenedKeys | undefined) {
  const environment = new Map<string, Variable>();
  const issues: Issue[] = [];
  for (const [name, value] of Object.entries(manifest.environment)) {
    if (typeof value === "string") {
      environment.set(name, { value });
      continue;
    }
    const file = keys?.files.find(({ path }) => path === value.key);
    if (file) {
      environment.set(name, { value: new TextDecoder().decode(file.bytes).replace(/\r?\n$/, ""), secret: true });
      continue;
    }
    issues.push({
      code: "MANIFEST_KEY_MISSING",
      severity: "error",
      message: `"environment.${name}" names key "${value.key}", which is not in the bundle`,
      hint: keys
        ? "add the file to the bundle, or correct the path"
        : `name the bundle under "keys" in "${manifest.file}"`,
      position: manifest.positionOf(`environment.${name}`),
      path: `environment.${name}`,
    });
  }
  return { environment, issues };
}

function invalidRevision(revision: Revision, issues: readonly Issue[]): HoldfastError {
  const errors = issues.filter((issue) => issue.severity === "error");
  const count = errors.length === 1 ? "one error" : `${errors.length} errors`;
  return new HoldfastError(
    "REVISION_INVALID",
    `Cannot load revision ${revision.commit.slice(0, 7)}: ${count} in its files`,
    {
      retry: "next-revision",
      hint: "correct the files named above and push",
      issues,
    },
  );
}
