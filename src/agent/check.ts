import { relative } from "node:path/posix";
import { desiredState } from "../compose/desired.ts";
import { loadProject } from "../compose/load.ts";
import { projectFiles } from "../compose/project-files.ts";
import { digestKey } from "../model/digest.ts";
import type { RevisionFiles } from "../model/files.ts";
import { boundIssue, hasErrors, type Issue, sortIssues } from "../model/issue.ts";
import { evaluate } from "../policy/evaluate.ts";
import { pemFactsByPath } from "../policy/key-facts.ts";
import type { Verdict } from "../policy/policy.ts";
import type { FolderReader } from "../ports/folder-reader.ts";
import type { CheckOptions, CheckResult } from "./application.ts";
import { unknownReferences } from "./manifest-references.ts";
import { packsOf, waiversOf } from "./prepare.ts";
import { readManifest, type ResolvedManifest } from "./read-manifest.ts";
import { sourcesOf } from "./sources.ts";
import { unopenedVariables } from "./unopened-variables.ts";

/**
 * Loads and judges a deployment folder as it lies on disk: for the CI of its repository, without host and keys. What
 * only the opened bundle can tell is left to the agent.
 *
 * @throws HoldfastError `SOURCE_NOT_FOUND`
 */
export async function checkFolder(options: CheckOptions, reader: FolderReader, now: Date): Promise<CheckResult> {
  const { files, folder, root } = await openFolder(options, reader);
  const reading = readManifest(folder, { has: (path) => files.has(path), read: (path) => files.get(path)?.bytes });
  const found = reading.manifest
    ? judgeFolder(reading.manifest, { files, root, now })
    : { issues: [] as Issue[], verdicts: [] as Verdict[] };
  const issues = sortIssues([...reading.issues, ...found.issues]).map(boundIssue);
  return { issues, verdicts: found.verdicts, sources: sourcesOf(files, [...issues, ...found.verdicts]) };
}

/** A folder of a repository on disk: its files, itself relative to the root, and the root. */
async function openFolder(options: { readonly folder: string; readonly root?: string }, reader: FolderReader) {
  const start = await reader.resolve(options.folder);
  const root = options.root === undefined ? await reader.findRoot(options.folder) : await reader.resolve(options.root);
  return { root, files: await reader.read(root), folder: relative(root, start) || "." };
}

interface Judging {
  readonly files: RevisionFiles;
  readonly root: string;
  readonly now: Date;
}

function judgeFolder({ manifest, composeFiles, keys }: ResolvedManifest, { files, root, now }: Judging) {
  const { project, issues } = loadProject({
    files: projectFiles(files),
    composeFiles,
    projectName: manifest.project,
    environment: unopenedVariables(manifest),
    profiles: manifest.profiles,
    duplicateKeys: manifest.duplicateKeys,
    root,
  });
  if (!project) return { issues, verdicts: [] };
  const result = desiredState(project, {
    folders: { checkout: root, project: root, keys: keys && `${root}/${keys.into}`, secrets: "/run/holdfast/secrets" },
    files,
    keys: keys && { into: keys.into },
    creatableVolumes: manifest.volumes,
    stoppedServices: [],
    digestKey: digestKey(new Uint8Array(32)), // nothing that is digested here is kept
  });
  const all = [...issues, ...result.issues, ...unknownReferences({ manifest, composeFiles }, project)];
  if (!result.desired || hasErrors(all)) return { issues: all, verdicts: [] };
  const verdicts = evaluate({
    desired: result.desired,
    keys: new Map(),
    keyPems: new Map(),
    trackedPems: pemFactsByPath(keyLikeFiles(files)),
    packs: packsOf(manifest),
    waivers: waiversOf(manifest),
    now,
  });
  return { issues: all, verdicts };
}

/** Files whose name says that they may hold a key or certificate: a folder on disk is not read as a whole. */
function keyLikeFiles(files: RevisionFiles) {
  return [...files.keys()].filter((path) =>
    /\.(?:pem|key|crt|cert?|p8)$/i.test(path) && !path.includes("node_modules/")
  )
    .flatMap((path) => {
      const file = files.get(path);
      return file && file.mode !== "link" ? [{ path, bytes: file.bytes }] : [];
    });
}
