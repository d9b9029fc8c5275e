import { readlink } from "node:fs/promises";
import { join } from "node:path";
import type { RevisionFile } from "../../model/files.ts";
import type { ContentCache } from "./_content-cache.ts";
import type { Found, Standing } from "./_look.ts";
import { readPlainFile } from "./_read.ts";

/** Whose the other bits of a mode are: git itself knows only whether the owner may execute a file. */
export type Modes = "exact" | "as git judges";

export interface TrackedFile {
  readonly path: string;
  readonly file: RevisionFile;
  readonly found: Found;
  readonly modes: Modes;
}

/** The mode that holdfast gives a tracked file. */
export function placedMode(file: RevisionFile): number {
  return file.mode === "executable" ? 0o755 : 0o644;
}

/** How what stands at a tracked path differs from the revision; undefined when it does not. */
export async function compareTracked(
  root: string,
  { path, file, found, modes }: TrackedFile,
  cache: ContentCache,
): Promise<"missing" | "edited" | "mode" | "replaced" | undefined> {
  if (found.kind === "missing") return "missing";
  if (found.kind === "blocked") return "replaced";
  if (found.kind !== (file.mode === "link" ? "link" : "file")) return "replaced";
  const same = file.mode === "link"
    ? Buffer.from(await readlink(join(root, path), "buffer")).equals(file.bytes)
    : await hasContent(join(root, path), { file, found }, cache);
  if (!same) return "edited";
  return file.mode === "link" || isMode(Number(found.stat.mode), file, modes) ? undefined : "mode";
}

async function hasContent(
  path: string,
  { file, found }: { readonly file: RevisionFile; readonly found: Standing },
  cache: ContentCache,
): Promise<boolean> {
  if (found.stat.size !== BigInt(file.bytes.length)) return false;
  if (cache.get(path, found.stat) === file.oid) return true;
  const read = await readPlainFile(path, file.bytes.length);
  if (!read || Buffer.compare(read.bytes, file.bytes) !== 0) return false;
  cache.set(path, file.oid, read);
  return true;
}

/** An adopted clone's modes come from the umask of whoever made it. */
function isMode(mode: number, file: RevisionFile, modes: Modes): boolean {
  return modes === "exact" ? (mode & 0o7777) === placedMode(file) : (mode & 0o100) === (placedMode(file) & 0o100);
}
