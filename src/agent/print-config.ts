import { relative } from "node:path/posix";
import { explain } from "../compose/explain.ts";
import { type LoadedProject, loadProject, type LoadRequest } from "../compose/load.ts";
import { printableModel } from "../compose/print.ts";
import { projectFiles } from "../compose/project-files.ts";
import { HoldfastError } from "../model/error.ts";
import { hasErrors, type Issue, sortIssues } from "../model/issue.ts";
import type { FolderReader } from "../ports/folder-reader.ts";
import type { ConfigOptions, ConfigResult } from "./application.ts";
import { openFolder, sourcesOf, unopenedVariables } from "./check.ts";
import { readManifest } from "./read-manifest.ts";

/**
 * The canonical model of Compose files on disk, as `docker compose config` prints it, or of a deployment folder with
 * its manifest.
 *
 * @throws HoldfastError `SOURCE_NOT_FOUND`, `USAGE`
 */
export async function printConfig(options: ConfigOptions, reader: FolderReader): Promise<ConfigResult> {
  const { root, files, folder } = await openFolder(options, reader);
  const inRoot = async (path: string): Promise<string> => {
    const inside = relative(root, await reader.resolve(path));
    if (!inside.startsWith("../") && inside !== "..") return inside;
    throw new HoldfastError("USAGE", `Cannot read "${path}": it lies outside "${root}"`, {
      retry: "operator",
      hint: "name the folder that holds all files with --root",
    });
  };
  const named = await Promise.all(options.files.map(inRoot));
  const given = new Map(Object.entries(options.environment).map(([name, value]) => [name, { value }]));
  const base: Omit<LoadRequest, "composeFiles" | "duplicateKeys"> = {
    files: projectFiles(files),
    projectDirectory: options.projectDirectory === undefined ? undefined : await inRoot(options.projectDirectory),
    projectName: options.project,
    environment: given,
    envFiles: options.envFiles.length > 0 ? await Promise.all(options.envFiles.map(inRoot)) : undefined,
    profiles: options.profiles,
    root,
  };
  if (named.length > 0) return answer(loadProject({ ...base, composeFiles: named, duplicateKeys: "refuse" }), []);

  const reading = readManifest(folder, { has: (path) => files.has(path), read: (path) => files.get(path)?.bytes });
  if (!reading.manifest) return { kind: "issues", issues: reading.issues, sources: sourcesOf(files, reading.issues) };
  const { manifest, composeFiles } = reading.manifest;
  return answer(
    loadProject({
      ...base,
      composeFiles,
      projectName: options.project ?? manifest.project,
      environment: new Map([...unopenedVariables(manifest), ...given]),
      profiles: [...manifest.profiles, ...options.profiles],
      duplicateKeys: manifest.duplicateKeys,
    }),
    reading.issues,
  );

  function answer(loaded: ReturnType<typeof loadProject>, before: readonly Issue[]): ConfigResult {
    const issues = sortIssues([...before, ...loaded.issues]);
    const sources = sourcesOf(files, issues);
    if (!loaded.project || hasErrors(issues)) return { kind: "issues", issues, sources };
    if (options.explain !== undefined) return explained(loaded.project, options.explain);
    return { kind: "model", model: printableModel(loaded.project.model), warnings: issues, sources };
  }

  function explained(project: LoadedProject, path: string): ConfigResult {
    const result = explain(project, path);
    if (result.kind === "unknown") throw unknownPath(path, result);
    const { explanation } = result;
    return { kind: "explanation", explanation, sources: sourcesOf(files, explanation.steps) };
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
