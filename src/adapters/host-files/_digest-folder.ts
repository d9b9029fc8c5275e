import { join } from "node:path";
import { type DigestKey, keyedDigest } from "../../model/digest.ts";
import type { PlacedFile } from "../../model/files.ts";
import type { ContentCache } from "./_content-cache.ts";
import { attempt } from "./_errors.ts";
import { mostKeyBytes } from "./_keys-folder.ts";
import { lookAt } from "./_look.ts";
import { mayChown } from "./_place.ts";
import { readPlainFile } from "./_read.ts";
import { walkFiles } from "./_walk.ts";

/** All files below a folder, by path; what is no plain file has a digest that fits no key. */
export async function digestFolder(
  folder: string,
  { digestKey, cache }: { readonly digestKey: DigestKey; readonly cache: ContentCache },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PlacedFile>> {
  const files = new Map<string, PlacedFile>();
  if (lookAt(folder).kind !== "folder") return files;
  for (const { path, found } of await attempt(`read "${folder}"`, () => walkFiles(folder))) {
    signal.throwIfAborted();
    const absolute = join(folder, path);
    let digest = cache.get(absolute, found.stat);
    if (digest === undefined) {
      const read = await attempt(`read "${absolute}"`, () => readPlainFile(absolute, mostKeyBytes));
      digest = read ? keyedDigest(digestKey, read.bytes) : keyedDigest(digestKey, `not a plain file: ${path}`);
      if (read) cache.set(absolute, digest, read);
    }
    const { mode, uid, gid } = found.stat;
    files.set(path, {
      digest,
      mode: Number(mode) & 0o7777,
      ...(mayChown && { owner: { uid: Number(uid), gid: Number(gid) } }),
    });
  }
  cache.keepOnly({ has: (path) => path.startsWith(`${folder}/`) && files.has(path.slice(folder.length + 1)) });
  return files;
}
