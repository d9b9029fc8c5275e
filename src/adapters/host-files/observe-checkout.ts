import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { EditedFile, RevisionFile, RevisionFiles } from "../../model/files.ts";
import type { FileDigests } from "./file-digests.ts";

/** How many files are looked at side by side. */
const batch = 64;

interface Observing {
  readonly files: RevisionFiles;
  readonly digests: FileDigests;
}

/** Tracked files that are not on the host what the revision says, in path order. */
export async function observeCheckout(
  checkout: string,
  { files, digests }: Observing,
  signal: AbortSignal,
): Promise<EditedFile[]> {
  const edited: EditedFile[] = [];
  const entries = [...files];
  for (let start = 0; start < entries.length; start += batch) {
    signal.throwIfAborted();
    const found = await Promise.all(
      entries.slice(start, start + batch).map(async ([path, file]): Promise<EditedFile[]> => {
        const state = await compareFile(join(checkout, path), file, digests);
        return state === "same" ? [] : [{ path, found: state }];
      }),
    );
    edited.push(...found.flat());
  }
  return edited;
}

/** How one path on the host stands to the file that git has there. */
export async function compareFile(
  path: string,
  file: RevisionFile,
  digests: FileDigests,
): Promise<EditedFile["found"] | "same"> {
  const stats = await statOf(path);
  if (!stats) return "missing";
  if (file.mode === "link" ? !stats.isSymbolicLink() : !stats.isFile()) return "replaced";
  if (await digests.blobId(path, stats) !== file.oid) return "edited";
  return file.mode !== "link" && (Number(stats.mode) & 0o777) !== permissions(file.mode) ? "mode" : "same";
}

/** git knows only whether a file may be executed. */
export function permissions(mode: "file" | "executable"): number {
  return mode === "executable" ? 0o755 : 0o644;
}

/** Of the path itself, links not followed; undefined when there is nothing, or a file where a folder is needed. */
export async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw thrown;
  }
}
