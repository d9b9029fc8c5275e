import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HoldfastError } from "../../model/error.ts";

const prefix = ".incoming-";
/** What nobody has written to for so long belongs to no fetch any more. */
const abandonedMs = 10 * 60 * 1000;
/** Tells this process's unfinished work from that of another, or of one that has died. */
const ownMark = `${process.pid}-${randomBytes(4).toString("hex")}`;
let counter = 0;

/** Names for what is not finished yet, and their removal when their process has died. */
export function unfinishedFolders(folder: string) {
  return {
    next: () => join(folder, `${prefix}${ownMark}-${counter++}`),
    async sweep(): Promise<void> {
      for (const name of await namesIn(folder)) {
        if (!name.startsWith(prefix) || name.startsWith(`${prefix}${ownMark}-`)) continue;
        const path = join(folder, name);
        if (isOwnerGone(name) || await isOld(path)) await rm(path, { recursive: true, force: true });
      }
    },
  };
}

function isOwnerGone(name: string): boolean {
  const pid = Number(/^\.incoming-(\d+)-/.exec(name)?.[1]);
  // An earlier process with the same number, as every start in a container has it.
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

async function isOld(path: string): Promise<boolean> {
  const ages = await Promise.all([path, join(path, "pack")].map(async (one) => {
    try {
      return Date.now() - (await stat(one)).mtimeMs;
    } catch {
      return Infinity;
    }
  }));
  return Math.min(...ages) > abandonedMs;
}

/** @returns nothing for a folder that is not there */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** Writes a new file, 0600, and waits until the disk has it. */
export async function writeSynced(
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Has the names in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Renames, and waits until the disk has it.
 *
 * @returns false when a folder that is not empty stands in the way
 */
export async function renameSynced(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes(String((error as NodeJS.ErrnoException).code))) return false;
    throw error;
  }
  await syncFolder(dirname(to));
  return true;
}

/** Work on the store's folder, with the disk's errors in the reader's words. */
export async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall = "access" } = error as NodeJS.ErrnoException;
    if (error instanceof HoldfastError || !/^E[A-Z0-9]+$/.test(String(code))) throw error;
    const full = code === "ENOSPC" || code === "EDQUOT";
    throw new HoldfastError("STATE_WRITE", `Cannot keep git objects in "${folder}": ${syscall} failed with ${code}`, {
      retry: full ? "backoff" : "operator",
      hint: full ? `free space on the disk of "${folder}"` : `make "${folder}" readable and writable for holdfast`,
      cause: error,
    });
  }
}
