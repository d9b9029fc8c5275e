import { unlink } from "node:fs/promises";
import { join } from "node:path";
import type { SecretFile } from "../../model/desired.ts";
import { compareText } from "../../model/issue.ts";
import { attempt, hostFilesConflict } from "./_errors.ts";
import { isSameKey } from "./_keys-folder.ts";
import { lookAt } from "./_look.ts";
import { placeAt, removeEmptyParents, removeFolders } from "./_place.ts";
import { walkFiles } from "./_walk.ts";

/** Makes the folder hold exactly these files; one that is right already keeps its inode, which containers have bound. */
export async function switchSecrets(folder: string, files: readonly SecretFile[], signal: AbortSignal): Promise<void> {
  const wanted = new Map(files.map((file) => [file.path, file]));
  await attempt(`write the secrets below "${folder}"`, async () => {
    for (const { path } of await walkFiles(folder)) {
      signal.throwIfAborted();
      if (wanted.has(path)) continue;
      await unlink(join(folder, path)); // also what a killed placement left
      await removeEmptyParents(folder, path);
    }
    for (const file of [...wanted.values()].sort((a, b) => compareText(a.path, b.path))) {
      signal.throwIfAborted();
      await placeSecret(folder, file);
    }
  });
}

async function placeSecret(folder: string, file: SecretFile): Promise<void> {
  const path = join(folder, file.path);
  const found = lookAt(path);
  if (found.kind === "file" && await isSameKey(path, file)) return;
  if (found.kind === "folder") {
    const [other] = await walkFiles(path);
    if (other) {
      throw hostFilesConflict(`Cannot write "${path}": it is a folder with "${other.path}" in it`, "move it aside");
    }
    await removeFolders(path); // Docker makes one where a bind source is missing
  }
  await placeAt(folder, file.path, { kind: "file", bytes: file.bytes, mode: file.mode, owner: file });
}
