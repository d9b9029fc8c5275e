import { type BigIntStats, constants } from "node:fs";
import { open } from "node:fs/promises";

export interface ReadFile {
  readonly bytes: Uint8Array;
  /** Of the open file, taken before its first byte was read. */
  readonly stat: BigIntStats;
  /** Milliseconds since 1970, taken before that. */
  readonly readAtMs: number;
}

/**
 * Reads a plain file without following a link and without waiting for a pipe.
 *
 * @param maxBytes a larger one is not read
 * @returns undefined for what is gone, no plain file, or larger
 */
export async function readPlainFile(path: string, maxBytes: number): Promise<ReadFile | undefined> {
  const readAtMs = Date.now();
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "ELOOP", "EMLINK", "ENXIO"].includes(code)) return undefined;
    throw error;
  }
  try {
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    return { bytes: await file.readFile(), stat, readAtMs };
  } finally {
    await file.close();
  }
}
