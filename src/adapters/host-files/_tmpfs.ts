import { mkdir, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import { attempt } from "./_errors.ts";
import { lookAt } from "./_look.ts";

/** `f_type` of the file systems that live in memory only: tmpfs and ramfs. */
const memoryTypes: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/**
 * Makes a folder in memory, 0700.
 *
 * @throws HoldfastError `RUNTIME_FOLDER` where it would lie on disk; nothing is made then
 */
export async function makeMemoryFolder(path: string): Promise<void> {
  await requireMemoryFolder(path);
  await attempt(`make the folder "${path}"`, () => mkdir(path, { recursive: true, mode: 0o700 }));
}

/** @throws HoldfastError `RUNTIME_FOLDER` where a folder lies, or would lie, on disk */
export async function requireMemoryFolder(path: string): Promise<void> {
  let existing = path;
  while (lookAt(existing).kind === "missing") existing = dirname(existing);
  const { type } = await attempt(`look at the file system of "${existing}"`, () => statfs(existing));
  if (memoryTypes.has(type)) return;
  throw new HoldfastError("RUNTIME_FOLDER", `Cannot keep keys in "${path}": "${existing}" is not on a tmpfs`, {
    retry: "operator",
    hint: 'let "runtime" in agent.yaml name a folder on tmpfs, such as /run/holdfast: opened keys never touch a disk',
  });
}
