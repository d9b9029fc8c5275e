import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { chmod, mkdir, open, readdir, rename, rm, rmdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { attempt, hostFilesConflict } from "./_errors.ts";
import { lookAt, parentOf } from "./_look.ts";

/** What is to stand at a path. */
export type Content =
  | { readonly kind: "link"; readonly target: string | Uint8Array }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly mode: number; readonly owner?: Owner };

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Only root may give files away; without it they are the agent's own. */
export const mayChown = process.getuid?.() === 0;

/** Where a path's next content is made: beside it, always the same, so that what a killed process left is found again. */
export function temporaryPath(path: string): string {
  const name = `.holdfast-${createHash("sha256").update(path).digest("hex").slice(0, 16)}.tmp`;
  return path.includes("/") ? `${parentOf(path)}/${name}` : name;
}

/**
 * Replaces what stands at a path below `root`, by rename: whoever reads sees the old content or the new. Folders on the
 * way are made; none of them is ever a link.
 *
 * @returns folders whose entries changed, relative to `root`
 */
export async function placeAt(root: string, path: string, content: Content): Promise<readonly string[]> {
  return await attempt(`write "${join(root, path)}"`, async () => {
    const made = await makeFolders(root, parentOf(path));
    const temporary = join(root, temporaryPath(path));
    await rm(temporary, { force: true });
    if (content.kind === "link") await symlink(Buffer.from(content.target as Uint8Array), temporary);
    else await writeThrough(temporary, content);
    await rename(temporary, join(root, path));
    return [...made, parentOf(path)];
  });
}

/** Makes a file that is not there yet. */
export async function writeThrough(
  path: string,
  { bytes, mode, owner }: Extract<Content, { kind: "file" }>,
): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(bytes);
    if (owner && mayChown) await file.chown(owner.uid, owner.gid);
    await file.chmod(mode); // after chown, which takes bits away; and whatever the umask is
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes the folders on the way to `folder`, 0755.
 *
 * @returns those whose entries changed
 * @throws HoldfastError `HOST_FILES` where a part of the way is no folder
 */
export async function makeFolders(root: string, folder: string): Promise<readonly string[]> {
  const changed: string[] = [];
  const parts = folder === "" ? [] : folder.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const path = parts.slice(0, depth).join("/");
    const absolute = join(root, path);
    const found = lookAt(absolute);
    if (found.kind === "folder") continue;
    if (found.kind !== "missing") {
      throw hostFilesConflict(
        `Cannot write below "${absolute}": it is a ${found.kind}, needed is a folder`,
        "move it aside",
      );
    }
    await mkdir(absolute, 0o755);
    await chmod(absolute, 0o755); // whatever the umask is
    changed.push(parentOf(path));
  }
  return changed;
}

/** Removes the folders above a path that hold nothing any more. */
export async function removeEmptyParents(root: string, path: string): Promise<void> {
  for (let folder = parentOf(path); folder !== ""; folder = parentOf(folder)) {
    const { kind } = lookAt(join(root, folder));
    if (kind === "missing") continue;
    if (kind !== "folder" || !await removeEmpty(join(root, folder))) return;
  }
}

/** Removes a folder that holds nothing but folders, if it is there; stops at anything else. */
export async function removeFolders(path: string): Promise<void> {
  if (lookAt(path).kind === "missing") return; // emptied and removed with the last file in it
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeFolders(join(path, entry.name));
  }
  await rmdir(path);
}

async function removeEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOTEMPTY", "EEXIST", "EBUSY", "ENOENT"].includes(code)) return false;
    throw error;
  }
}

/** Makes renames and removals in these folders last through a power failure. */
export async function syncFolders(paths: Iterable<string>): Promise<void> {
  for (const path of paths) {
    if (lookAt(path).kind !== "folder") continue; // it was emptied and removed
    const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
