import { compareText } from "../model/issue.ts";
import type { RevisionFile, RevisionFiles } from "../model/files.ts";

/** The files that a project is loaded from. */
export interface ProjectFiles {
  /** @param path relative to the repository's root; undefined when there is no such file */
  read(path: string): Uint8Array | undefined;
  isFolder(path: string): boolean;
  /** All paths below a folder, sorted. */
  list(folder: string): readonly string[];
}

/** How many links in a row are followed. */
const maximumLinks = 40;

/** The tracked files of a revision, links inside it followed. */
export function projectFiles(files: RevisionFiles): ProjectFiles {
  // most projects ask for a few files by name: a folder on disk is then not walked
  let listed: readonly string[] | undefined;
  const listPaths = () => listed ??= [...files.keys()].sort(compareText);
  let known: ReadonlySet<string> | undefined;
  const listFolders = () => known ??= foldersOf(listPaths());
  const resolve = (path: string): string | undefined => resolveLinks(files, path);
  return {
    read: (path) => {
      const resolved = resolve(path);
      return resolved === undefined ? undefined : files.get(resolved)?.bytes;
    },
    isFolder: (path) => {
      const resolved = resolve(path);
      if (resolved === undefined || files.has(resolved)) return false;
      return files.hasFolder ? files.hasFolder(resolved) : listFolders().has(resolved);
    },
    list: (folder) => {
      const resolved = resolve(folder);
      if (resolved === undefined || !listFolders().has(resolved)) return [];
      const prefix = resolved === "" ? "" : `${resolved}/`;
      return listPaths().filter((path) => path.startsWith(prefix)).map((path) =>
        joinFolder(folder, path.slice(prefix.length))
      );
    },
  };
}

function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>([""]);
  for (const path of paths) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/**
 * The path that a path stands for once its links are followed.
 *
 * @returns undefined when it leaves the repository or its links go in a circle
 */
export function resolveLinks(files: RevisionFiles, path: string): string | undefined {
  let parts = path.split("/").filter((part) => part !== "" && part !== ".");
  const done: string[] = [];
  let links = 0;
  while (parts.length > 0) {
    const part = parts.shift()!;
    if (part === ".") continue;
    if (part === "..") {
      if (done.length === 0) return undefined;
      done.pop();
      continue;
    }
    const here = [...done, part].join("/");
    const file: RevisionFile | undefined = files.get(here);
    if (file?.mode !== "link") {
      done.push(part);
      continue;
    }
    if (++links > maximumLinks) return undefined;
    const target = new TextDecoder().decode(file.bytes);
    if (target.startsWith("/")) return undefined;
    parts = [...target.split("/").filter((piece) => piece !== ""), ...parts];
  }
  return done.join("/");
}

function joinFolder(folder: string, rest: string): string {
  return folder === "" ? rest : `${folder}/${rest}`;
}
