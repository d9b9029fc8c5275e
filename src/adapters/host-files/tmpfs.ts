import { mkdir, statfs } from "node:fs/promises";
import { HoldfastError } from "../../model/error.ts";
import { asHostFiles } from "./errors.ts";

/** File systems that live in memory: TMPFS_MAGIC and RAMFS_MAGIC of linux/magic.h. */
const inMemory: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/**
 * Makes the deployment's runtime folder (0700) where it is missing, and refuses one that would bring keys to a disk.
 *
 * @throws HoldfastError `RUNTIME_FOLDER`
 */
export async function requireTmpfs(folder: string): Promise<void> {
  await asHostFiles(`use the runtime folder "${folder}"`, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { type } = await statfs(folder);
    if (inMemory.has(type)) return;
    throw new HoldfastError("RUNTIME_FOLDER", `Cannot place keys in "${folder}": it is not on a tmpfs, needed one`, {
      retry: "operator",
      hint: 'set "runtime" in agent.yaml to a folder on a tmpfs, such as /run/holdfast',
    });
  });
}
