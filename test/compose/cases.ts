import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadRequest } from "../../src/compose/load.ts";
import { cleanPath } from "../../src/compose/files/clean-path.ts";
import { type DiscoveredFiles, discoverFiles } from "../../src/compose/files/discover.ts";
import { caseRoot, folderFiles } from "./corpus-case.ts";

/** One small project that shows a rule, and how it is loaded. */
export interface Case {
  readonly name: string;
  /** Holds `project/`, and `expected.json` with `expected.hash`, or `expected.error`. */
  readonly folder: string;
  readonly options: CaseOptions;
}

/** `case.json`, where the defaults do not do. */
export interface CaseOptions {
  /** In merge order; default: what Compose finds. */
  readonly files?: readonly string[];
  /** null: none is given; default: `case`. */
  readonly projectName?: string | null;
  readonly projectDirectory?: string;
  /** Where Compose is started, for what it finds itself; default: the project's folder. */
  readonly workingFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly envFiles?: readonly string[];
  readonly profiles?: readonly string[];
  /** Rules of the loader's tables that the case shows: `merge:services.*.labels`. */
  readonly covers?: readonly string[];
}

export const casesFolder = join(import.meta.dirname, "cases");

export function readCases(): readonly Case[] {
  const names = readdirSync(casesFolder, { withFileTypes: true }).filter((item) => item.isDirectory()).map((item) =>
    item.name
  );
  return names.sort().map((name) => {
    const folder = join(casesFolder, name);
    return { name, folder, options: readOptions(folder) };
  });
}

function readOptions(folder: string): CaseOptions {
  try {
    return JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as CaseOptions;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return {};
    throw error;
  }
}

/** What the loader is asked for a case. */
export function caseRequest({ folder, options }: Case): LoadRequest {
  const files = folderFiles(join(folder, "project"));
  const environment = new Map(Object.entries(options.environment ?? {}).map(([name, value]) => [name, { value }]));
  const { projectName = "case", projectDirectory, profiles = [], workingFolder = "" } = options;
  const found = options.files ? { composeFiles: options.files, envFiles: options.envFiles } : fromRoot(discoverFiles({
    files,
    folder: `/${workingFolder}`,
    environment,
    ...(options.envFiles && { envFiles: options.envFiles.map((file) => `/${file}`) }),
    ...(projectDirectory !== undefined && { projectDirectory: cleanPath(`/${projectDirectory}`) }),
  }));
  const { composeFiles, envFiles } = found;
  return {
    files,
    composeFiles,
    ...(projectName !== null && { projectName }),
    ...(projectDirectory !== undefined && { projectDirectory: projectDirectory === "." ? "" : projectDirectory }),
    ...(envFiles && { envFiles }),
    environment,
    profiles,
    duplicateKeys: "refuse",
    root: caseRoot,
  };
}

function fromRoot({ composeFiles, envFiles }: DiscoveredFiles): DiscoveredFiles {
  const relative = (paths: readonly string[]) => paths.map((path) => path.slice(1));
  return { composeFiles: relative(composeFiles), envFiles: relative(envFiles) };
}

/** The arguments, before the command, that make the real Compose load the same. */
export function caseArguments({ options }: Case): readonly string[] {
  const { projectName = "case", projectDirectory } = options;
  const flag = (name: string, values: readonly string[] = []) => values.flatMap((value) => [name, value]);
  return [
    ...(projectName === null ? [] : ["-p", projectName]),
    ...flag("-f", options.files),
    ...(projectDirectory === undefined ? [] : ["--project-directory", projectDirectory]),
    ...flag("--env-file", options.envFiles),
    ...flag("--profile", options.profiles),
  ];
}
