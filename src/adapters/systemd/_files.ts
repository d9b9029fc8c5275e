import { copyFile, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { HoldfastError } from "../../model/error.ts";

/** The text of a file; undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fileError(`read "${path}"`, cause);
  }
}

/** Writes a file by rename, or leaves one that reads so already. @returns whether it was written */
export async function writeText(path: string, text: string, mode: number): Promise<boolean> {
  if (await readText(path) === text) return false;
  await replace(path, async (temporary) => {
    const file = await open(temporary, "w", mode);
    try {
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return true;
}

/** Puts a copy of a program at a path by rename: one that runs from there goes on with its own. */
export async function copyProgram(from: string, path: string): Promise<void> {
  await replace(path, async (temporary) => {
    await copyFile(from, temporary);
    const file = await open(temporary, "r+");
    try {
      await file.chmod(0o755);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** @returns whether there was one */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw fileError(`remove "${path}"`, cause);
  }
}

/** Makes a folder and those above it. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode }).catch((cause) => {
    throw fileError(`make "${path}"`, cause);
  });
}

async function replace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.holdfast.tmp`;
  await makeFolder(dirname(path), 0o755);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error tells more
    throw fileError(`write "${path}"`, cause);
  }
}

function fileError(action: string, cause: unknown): HoldfastError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new HoldfastError("INSTALL", `Cannot ${action}: ${message}`, {
    retry: "operator",
    hint: code === "EACCES" || code === "EPERM"
      ? "run it as root: sudo holdfast …"
      : "look at the folder and its mount",
    cause,
  });
}
