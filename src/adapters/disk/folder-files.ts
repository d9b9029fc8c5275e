import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import type { RevisionFile, RevisionFiles } from "../../model/files.ts";
import { compareText } from "../../model/issue.ts";

/** What a walk over a folder may meet; a home folder or `/` given by mistake ends here instead of being read whole. */
const most = { entries: 100_000, depth: 64, fileBytes: 64 * 1024 * 1024 } as const;

/**
 * A folder on disk in the form of a revision, for commands that judge files before they are committed. Nothing outside
 * the folder is read, no link is followed, `.git` and what git cannot hold (devices, sockets) is not there. Unlike in a
 * commit, files that git ignores or does not track are.
 *
 * Files are read when they are asked for: looking up ten files in a large repository costs ten reads.
 *
 * @param root absolute or relative to the working directory
 * @throws HoldfastError `SOURCE_NOT_FOUND` when it is no folder; later, from the files, `SOURCE_LIMIT`, `SOURCE_UNSAFE`
 */
export async function folderFiles(root: string): Promise<RevisionFiles> {
  return new FolderFiles(await realFolder(root));
}

/**
 * The repository that a folder lies in: the nearest folder at or above it that holds `.git`, else the folder itself.
 *
 * @returns its absolute path, with links resolved
 * @throws HoldfastError `SOURCE_NOT_FOUND`
 */
export async function findRepositoryRoot(folder: string): Promise<string> {
  const start = await realFolder(folder);
  for (let at = start;; at = dirname(at)) {
    if (lstatSync(join(at, ".git"), { throwIfNoEntry: false })) return at;
    if (dirname(at) === at) return start;
  }
}

async function realFolder(folder: string): Promise<string> {
  const path = await realpath(folder).catch((cause: NodeJS.ErrnoException) => {
    throw notFound(folder, cause.code === "ENOENT" ? "there is none" : `${cause.code}`, cause);
  });
  if (!lstatSync(path).isDirectory()) throw notFound(folder, "it is no folder");
  return path;
}

function notFound(folder: string, found: string, cause?: unknown): HoldfastError {
  return new HoldfastError("SOURCE_NOT_FOUND", `Cannot read the folder "${folder}": ${found}`, {
    retry: "operator",
    hint: "give the folder that holds holdfast.yaml or compose.yaml",
    cause,
  });
}

/** A read-only map over the folder; its order is that of the paths, as in a revision. */
class FolderFiles implements RevisionFiles {
  readonly #root: string;
  readonly #known = new Map<string, RevisionFile>();
  #paths: readonly string[] | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  get(path: string): RevisionFile | undefined {
    const known = this.#known.get(path);
    if (known) return known;
    const stats = this.#lookUp(path);
    if (!stats) return undefined;
    const file = new DiskFile(this.#root, path, stats);
    this.#known.set(path, file);
    return file;
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  hasFolder(path: string): boolean {
    const parts = path === "" ? [] : path.split("/");
    return !parts.some(isUntracked) && this.#isFolder(parts);
  }

  get size(): number {
    return this.#walk().length;
  }

  *entries(): MapIterator<[string, RevisionFile]> {
    for (const path of this.#walk()) {
      const file = this.get(path);
      if (file) yield [path, file];
    }
  }

  *keys(): MapIterator<string> {
    for (const [path] of this.entries()) yield path;
  }

  *values(): MapIterator<RevisionFile> {
    for (const [, file] of this.entries()) yield file;
  }

  forEach(visit: (file: RevisionFile, path: string, map: ReadonlyMap<string, RevisionFile>) => void): void {
    for (const [path, file] of this.entries()) visit(file, path, this);
  }

  [Symbol.iterator](): MapIterator<[string, RevisionFile]> {
    return this.entries();
  }

  /** A file or link that is reached through real folders alone, as git would hold it. */
  #lookUp(path: string): Stats | undefined {
    const parts = path.split("/");
    if (parts.some(isUntracked) || !this.#isFolder(parts.slice(0, -1))) return undefined;
    const stats = statOf(join(this.#root, path));
    return stats && isTracked(stats) ? stats : undefined;
  }

  /** Whether every part is a real folder, and no link to one. */
  #isFolder(parts: readonly string[]): boolean {
    return parts.every((_, index) => statOf(join(this.#root, ...parts.slice(0, index + 1)))?.isDirectory());
  }

  #walk(): readonly string[] {
    return this.#paths ??= walk(this.#root, [], { left: most.entries }).sort(compareText);
  }
}

/** One file, read when its bytes or its id are asked for. */
class DiskFile implements RevisionFile {
  readonly mode: RevisionFile["mode"];
  readonly #root: string;
  readonly #path: string;
  readonly #size: number;
  #bytes: Uint8Array | undefined;
  #oid: string | undefined;

  constructor(root: string, path: string, stats: Stats) {
    this.mode = stats.isSymbolicLink() ? "link" : (stats.mode & 0o100) === 0 ? "file" : "executable";
    this.#root = root;
    this.#path = path;
    this.#size = stats.size;
  }

  get bytes(): Uint8Array {
    return this.#bytes ??= this.mode === "link" ? this.#readLink() : this.#read();
  }

  /** As git makes it: SHA-1 over the blob's header and bytes. */
  get oid(): string {
    return this.#oid ??= createHash("sha1").update(`blob ${this.bytes.length}\0`).update(this.bytes).digest("hex");
  }

  #read(): Uint8Array {
    if (this.#size > most.fileBytes) {
      throw tooMuch(this.#path, `it has ${this.#size} bytes, at most ${most.fileBytes} are read`);
    }
    return attempt(this.#path, () => readFileSync(join(this.#root, this.#path)));
  }

  #readLink(): Uint8Array {
    const target = attempt(this.#path, () => readlinkSync(join(this.#root, this.#path)));
    const end = posix.normalize(posix.join(posix.dirname(this.#path), target));
    if (posix.isAbsolute(target) || end === ".." || end.startsWith("../")) {
      throw new HoldfastError(
        "SOURCE_UNSAFE",
        `Cannot take the link "${this.#path}": its target "${target}" is outside`,
        {
          retry: "next-revision",
          hint: "let the link point to a file inside the repository, or commit the file itself",
        },
      );
    }
    return new TextEncoder().encode(target);
  }
}

function walk(root: string, parts: readonly string[], budget: { left: number }): string[] {
  const folder = parts.join("/");
  if (parts.length > most.depth) throw tooMuch(folder, `it is more than ${most.depth} folders deep`);
  const entries = attempt(folder || root, () => readdirSync(join(root, folder), { withFileTypes: true }));
  budget.left -= entries.length;
  if (budget.left < 0) throw tooMuch(root, `it holds more than ${most.entries} files and folders`);
  return entries.flatMap((entry) => {
    if (isGitFolder(entry.name)) return [];
    if (entry.isDirectory()) return walk(root, [...parts, entry.name], budget);
    return entry.isFile() || entry.isSymbolicLink() ? [[...parts, entry.name].join("/")] : [];
  });
}

/** `.git` in any case: a file system that ignores case would take `.GIT` for it. */
function isGitFolder(name: string): boolean {
  return name.toLowerCase() === ".git";
}

/** A part of a path that git has in none. */
function isUntracked(part: string): boolean {
  return part === "" || part === "." || part === ".." || isGitFolder(part);
}

function isTracked(stats: Stats): boolean {
  return stats.isFile() || stats.isSymbolicLink();
}

/** undefined for what is not there, a name too long to exist among it. */
function statOf(path: string): Stats | undefined {
  return attempt(path, () => {
    try {
      return lstatSync(path, { throwIfNoEntry: false });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENAMETOOLONG") return undefined;
      throw cause;
    }
  });
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new HoldfastError("SOURCE_NOT_FOUND", `Cannot read "${path}": ${found}`, {
      retry: "operator",
      hint: "let the user of this command read the whole deployment repository",
      cause,
    });
  }
}

function tooMuch(path: string, found: string): HoldfastError {
  return new HoldfastError("SOURCE_LIMIT", `Cannot read "${path}": ${found}`, {
    retry: "operator",
    hint: "give the root of the deployment repository with --root",
  });
}
