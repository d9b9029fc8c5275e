import { randomBytes } from "node:crypto";
import { link, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { HoldfastError } from "../../model/error.ts";

/**
 * Replaces a file of the state folder: whole or not at all, also when the power goes. Folders above it are made, 0700.
 *
 * @throws HoldfastError `STATE_WRITE`; what stood there before is still there
 */
export async function writeStateFile(path: string, bytes: string | Uint8Array): Promise<void> {
  await place(path, `${path}.tmp`, bytes, rename);
}

/**
 * Replaces a file whole or not at all, but lets the power take the newest one with it: for what the next pass writes anew.
 *
 * @throws HoldfastError `STATE_WRITE`
 */
export async function writeTransientFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error tells more
    throw writeError(path, error);
  }
}

/**
 * Makes a file of the state folder, whole, unless it is there already: of several processes that do so at the same time
 * the first one wins.
 *
 * @throws HoldfastError `STATE_WRITE`
 */
export async function makeStateFile(path: string, bytes: Uint8Array): Promise<void> {
  await place(path, `${path}.${randomBytes(4).toString("hex")}.tmp`, bytes, async (temporary) => {
    await link(temporary, path).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
    await rm(temporary);
  });
}

async function place(
  path: string,
  temporary: string,
  bytes: string | Uint8Array,
  switchTo: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeThrough(temporary, bytes);
    await switchTo(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error tells more
    throw writeError(path, error);
  }
}

async function writeThrough(path: string, bytes: string | Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function writeError(path: string, error: unknown): HoldfastError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new HoldfastError("STATE_WRITE", `Cannot write "${path}": ${(error as Error).message}`, {
    retry: full ? "backoff" : "operator",
    hint: full
      ? `free space on the file system of "${dirname(path)}"`
      : `make "${dirname(path)}" a folder that holdfast may write`,
    cause: error,
  });
}
