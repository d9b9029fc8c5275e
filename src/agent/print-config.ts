import { relative } from "node:path/posix";
import { explain } from "../compose/explain.ts";
import { type LoadedProject, loadProject, type LoadRequest } from "../compose/load.ts";
import { printModel } from "../compose/print.ts";
import { projectFiles } from "../compose/project-files.ts";
import { HoldfastError } from "../model/error.ts";
import { boundIssue, hasErrors, type Issue, sortIssues } from "../model/issue.ts";
import type { FolderReader } from "../ports/folder-reader.ts";
import type { ConfigOptions, ConfigResult, Sources } from "./application.ts";
import { findComposeFiles, standardInput } from "./compose-request.ts";
import { unknownReferences } from "./manifest-references.ts";
import { sourcesOf } from "./sources.ts";
import { unopenedVariables } from "./unopened-variables.ts";

/**
 * The canonical model of Compose files on disk, as `docker compose config` prints it, or of a deployment folder with
 * its manifest.
 *
 * @throws HoldfastError `SOURCE_NOT_FOUND`, `USAGE`
 */
export async function printConfig(options: ConfigOptions, reader: FolderReader): Promise<ConfigResult> {
  const request = await findComposeFiles(options, reader);
  const { root, files } = request;
  const given = Object.entries(options.environment).map(([name, value]) => [name, { value }] as const);
  const onDisk = projectFiles(files);
  const read = (path: string) => path === standardInput ? options.input : onDisk.read(path);
  const base: LoadRequest = {
    ...request,
    files: { ...onDisk, read },
    projectName: options.project || undefined,
    profiles: options.profiles,
    duplicateKeys: "refuse",
  };
  if (options.files.length > 0) return answer(loadProject(base), []);

  // with zod, which bare Compose files do not need
  const { readManifest } = await import("./read-manifest.ts");
  const folder = relative(root, await reader.resolve(options.folder)) || ".";
  const reading = readManifest(folder, { has: (path) => files.has(path), read: (path) => files.get(path)?.bytes });
  if (base.composeFiles.length > 0) return answer(loadProject(base), reading.manifest ? reading.issues : []);
  if (!reading.manifest) return { kind: "issues", issues: reading.issues, sources: sourcesFor(reading.issues) };
  const { manifest, composeFiles } = reading.manifest;
  const loaded = loadProject({
    ...base,
    composeFiles,
    projectName: options.project || manifest.project,
    environment: new Map([...unopenedVariables(manifest), ...given]),
    profiles: [...manifest.profiles, ...options.profiles],
    duplicateKeys: manifest.duplicateKeys,
  });
  const references = loaded.project ? unknownReferences(reading.manifest, loaded.project) : [];
  return answer(loaded, [...reading.issues, ...references]);

  function sourcesFor(findings: Parameters<typeof sourcesOf>[1]): Sources {
    const sources = sourcesOf(files, findings);
    return options.input ? new Map([...sources, [standardInput, new TextDecoder().decode(options.input)]]) : sources;
  }

  function answer(loaded: ReturnType<typeof loadProject>, before: readonly Issue[]): ConfigResult {
    const issues = sortIssues([...before, ...loaded.issues]).map(boundIssue);
    const sources = sourcesFor(issues);
    if (!loaded.project || hasErrors(issues)) return { kind: "issues", issues, sources };
    if (options.explain !== undefined) return explained(loaded.project, options.explain);
    return { kind: "model", text: printModel(loaded.project, options.format), warnings: issues, sources };
  }

  function explained(project: LoadedProject, path: string): ConfigResult {
    const result = explain(project, path);
    if (result.kind === "unknown") throw unknownPath(path, result);
    const { explanation } = result;
    return { kind: "explanation", explanation, sources: sourcesFor(explanation.steps) };
  }
}

function unknownPath(path: string, result: { readonly parent: string; readonly suggestion?: string }): HoldfastError {
  const { parent, suggestion } = result;
  const where = parent === "" ? "the model" : `"${parent}"`;
  return new HoldfastError("USAGE", `Cannot explain "${path}": ${where} has no such value`, {
    retry: "operator",
    hint: suggestion === undefined
      ? 'name a value that "holdfast config" prints, such as services.web.ports[0]'
      : `did you mean "${suggestion}"?`,
  });
}
