import { chown, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SecretFile } from "../../model/desired.ts";
import { writeThrough } from "./checkout.ts";
import { asHostFiles } from "./errors.ts";

/** Writes Compose's secrets and configs, one file each by rename, and removes those that are no longer wanted. */
export async function placeSecretFiles(
  folder: string,
  files: readonly SecretFile[],
  signal: AbortSignal,
): Promise<void> {
  await asHostFiles(`place secrets in "${folder}"`, async () => {
    const wanted = new Set(files.map((file) => file.path));
    if (files.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const file of files) {
      signal.throwIfAborted();
      const temporary = join(folder, `.${file.path.replaceAll("/", "_")}.tmp`);
      await rm(temporary, { force: true });
      await writeThrough(temporary, file);
      if (process.getuid?.() === 0) await chown(temporary, file.uid, file.gid);
      await rename(temporary, join(folder, file.path));
    }
    const present = await readdir(folder).catch(() => []);
    for (const name of present) if (!wanted.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  });
}
