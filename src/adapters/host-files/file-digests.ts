import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { type DigestKey, keyedDigest } from "../../model/digest.ts";

/** A file that was written so recently may change again without its times showing it. */
const racyMs = 2_000;

interface Known {
  readonly identity: string;
  readonly digest: string;
}

/** Digests of files on the host, read again only where size, times or inode say that they may have changed. */
export class FileDigests {
  readonly #key: DigestKey;
  readonly #blobs = new Map<string, Known>();
  readonly #keyed = new Map<string, Known>();

  constructor(key: DigestKey) {
    this.#key = key;
  }

  /** git's blob id of a file, or of a link's target. */
  async blobId(path: string, stats: BigIntStats): Promise<string> {
    return await remembered(this.#blobs, { path, stats }, async () => {
      const bytes = stats.isSymbolicLink() ? await readlink(path, { encoding: "buffer" }) : await readFile(path);
      return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    });
  }

  /** Keyed digests of all files below a folder by their path in it; empty when there is no such folder. */
  async keyedBelow(folder: string, signal: AbortSignal): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const path of await pathsBelow(folder)) {
      signal.throwIfAborted();
      const full = join(folder, path);
      const stats = await lstat(full, { bigint: true });
      if (stats.isFile()) {
        found.set(
          path,
          await remembered(
            this.#keyed,
            { path: full, stats },
            async () => keyedDigest(this.#key, await readFile(full)),
          ),
        );
      }
    }
    return found;
  }
}

async function pathsBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length + 1)
    ).sort();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw thrown;
  }
}

async function remembered(
  known: Map<string, Known>,
  { path, stats }: { readonly path: string; readonly stats: BigIntStats },
  read: () => Promise<string>,
): Promise<string> {
  const identity = [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
  const before = known.get(path);
  if (before?.identity === identity) return before.digest;
  const digest = await read();
  const isRacy = Date.now() - Number(stats.mtimeMs > stats.ctimeMs ? stats.mtimeMs : stats.ctimeMs) < racyMs;
  if (isRacy) known.delete(path);
  else known.set(path, { identity, digest });
  return digest;
}
