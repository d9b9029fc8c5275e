import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadRequest } from "../../src/compose/load.ts";
import { cleanPath } from "../../src/compose/files/clean-path.ts";
import { discoverFiles, namedEnvFiles } from "../../src/compose/files/discover.ts";
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

/** The version of Docker Compose that the kept answers are of. */
export function keptVersion(): string {
  return readFileSync(join(casesFolder, "VERSION"), "utf8").trim();
}

/** A version without the revision of its package: 2.40.3-3 is Debian's third of 2.40.3. */
export function releaseOf(version: string): string {
  return version.replace(/-.*/, "");
}

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
  const { projectName = "case", projectDirectory, profiles = [], workingFolder = "" } = options;
  const process = Object.entries({ PWD: join(caseRoot, workingFolder), ...options.environment });
  const given = {
    folder: cleanPath(`/${workingFolder}`),
    environment: new Map(process.map(([name, value]) => [name, { value }])),
  };
  const envFiles = options.envFiles?.map((file) => `/${file}`) ?? namedEnvFiles(given);
  const found = options.files ? { ...given, composeFiles: options.files, envFiles } : discoverFiles({
    ...given,
    files,
    ...(envFiles && { envFiles }),
    ...(projectDirectory !== undefined && { projectDirectory: cleanPath(`/${projectDirectory}`) }),
  });
  const fromRoot = (path: string) => path.replace(/^\//, "");
  return {
    files,
    composeFiles: found.composeFiles.map(fromRoot),
    ...(projectName !== null && { projectName }),
    ...(projectDirectory !== undefined && { projectDirectory: projectDirectory === "." ? "" : projectDirectory }),
    ...(found.envFiles && { envFiles: found.envFiles.map(fromRoot) }),
    environment: found.environment,
    profiles,
    duplicateKeys: "refuse",
    root: caseRoot,
  };
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
