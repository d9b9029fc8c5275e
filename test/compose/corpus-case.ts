import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LoadRequest } from "../../src/compose/load.ts";
import type { ProjectFiles } from "../../src/compose/project-files.ts";
import { discoverFiles } from "../../src/compose/files/discover.ts";

/** Where a case's project is said to lie: what stands for `${DIR}` in expected models, and is part of the hashes. */
export const caseRoot = "/tmp/holdfast-case/project";

/** The files below a folder of this machine. */
export function folderFiles(folder: string): ProjectFiles {
  const kind = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false });
  return {
    read: (path) => kind(path)?.isFile() ? readFileSync(join(folder, path)) : undefined,
    isFolder: (path) => kind(path)?.isDirectory() ?? false,
    list: (below) =>
      existsSync(join(folder, below))
        ? readdirSync(join(folder, below), { recursive: true, encoding: "utf8" }).filter((path) =>
          kind(join(below, path))?.isFile()
        )
          .map((path) => join(below, path)).sort()
        : [],
  };
}

/** What a case's `cmd.txt` asks of the loader. */
export function requestOf(folder: string, command: string): LoadRequest {
  const files = folderFiles(folder);
  const [, workingFolder = ""] = /^cd \$\{DIR\}(.*?) && /.exec(command) ?? [];
  const base = workingFolder.replace(/^\//, "");
  const environment = new Map<string, { value: string }>();
  const [before = "", after = ""] = command.split(" docker-compose ", 2);
  for (
    const [, name, quoted, plain] of before.slice(before.indexOf("env -i") + 6).matchAll(
      / ([A-Za-z_][A-Za-z0-9_]*)=(?:'([^']*)'|(\S*))/g,
    )
  ) {
    environment.set(name!, { value: (quoted ?? plain!).replaceAll("${DIR}", caseRoot) });
  }
  const words = after.split(/\s+/);
  const valuesOf = (...flags: string[]) => words.filter((_, index) => flags.includes(words[index - 1]!));
  const relative = (path: string) => normal(join(base, path.replace("${DIR}/", "")));
  const given = valuesOf("-f", "--file").map(relative);
  const [projectName] = valuesOf("-p", "--project-name");
  const envFiles = valuesOf("--env-file").map(relative);
  const [projectDirectory] = valuesOf("--project-directory").map(relative);
  const found = () => discoverFiles({ files, folder: normal(`/${base}`), environment }).composeFiles;
  return {
    files,
    composeFiles: given.length > 0 ? given : found().map((path) => path.slice(1)),
    ...(projectName !== undefined && { projectName }),
    ...(projectDirectory !== undefined && { projectDirectory }),
    ...(envFiles.length > 0 && { envFiles }),
    environment,
    profiles: valuesOf("--profile"),
    duplicateKeys: "refuse",
    root: caseRoot,
  };
}

function normal(path: string): string {
  return path === "." ? "" : path.replace(/^\.\//, "");
}

/** A model that the real Compose printed, with the case's folder at `caseRoot`. */
export function readExpectedModel(path: string): unknown {
  return JSON.parse(readExpectedText(path));
}

/** A text that the real Compose printed, with the case's folder at `caseRoot`. */
export function readExpectedText(path: string): string {
  const parent = caseRoot.slice(0, caseRoot.lastIndexOf("/"));
  return readFileSync(path, "utf8").replaceAll("${DIR}/..", parent).replaceAll("${DIR}", caseRoot);
}
