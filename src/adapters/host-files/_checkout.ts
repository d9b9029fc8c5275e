import { constants } from "node:fs";
import { mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { EditedFile, RevisionFiles } from "../../model/files.ts";
import { compareText } from "../../model/issue.ts";
import { compareTracked, type Modes, placedMode } from "./_compare.ts";
import type { ContentCache } from "./_content-cache.ts";
import { attempt, goneCheckout, hostFilesConflict } from "./_errors.ts";
import { lookBelow, parentOf } from "./_look.ts";
import { placeAt, removeEmptyParents, removeFolders, syncFolders } from "./_place.ts";
import type { Move } from "./_plan-checkout.ts";

/** Tracked files that are not what the revision says, in path order. */
export async function observeCheckout(
  root: string,
  { files, cache, modes }: { readonly files: RevisionFiles; readonly cache: ContentCache; readonly modes: Modes },
  signal: AbortSignal,
): Promise<EditedFile[]> {
  const look = lookBelow(root);
  const edited: EditedFile[] = [];
  for (const path of [...files.keys()].sort(compareText)) {
    signal.throwIfAborted();
    const found = await attempt(
      `read "${join(root, path)}"`,
      () => compareTracked(root, { path, file: files.get(path)!, found: look(path), modes }, cache),
    );
    if (found) edited.push({ path, found });
  }
  return edited;
}

/** Carries out a plan, in its order. A pass that is killed in between plans the rest anew. */
export async function applyMoves(root: string, moves: readonly Move[], signal: AbortSignal): Promise<void> {
  if (moves.length === 0) return;
  await makeRoot(root);
  const touched = new Set<string>();
  for (const move of moves) {
    signal.throwIfAborted();
    for (const folder of await applyMove(root, move)) touched.add(folder);
  }
  await attempt(`write "${root}"`, () => syncFolders([...touched].map((folder) => join(root, folder))));
}

async function makeRoot(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true, mode: 0o755 });
  } catch (error) {
    if (isForbidden(error as NodeJS.ErrnoException)) throw goneCheckout(root, error as Error);
    await attempt(`make the folder "${root}"`, () => Promise.reject(error));
  }
}

/** What the unit's ProtectSystem=strict makes of it: some kernels say that the folder above is not there. */
function isForbidden({ code = "" }: NodeJS.ErrnoException): boolean {
  return ["EROFS", "ENOENT", "EACCES", "EPERM"].includes(code);
}

/** @returns folders whose entries changed, relative to `root` */
async function applyMove(root: string, move: Move): Promise<readonly string[]> {
  const path = join(root, move.path);
  requireFolders(root, move.path);
  switch (move.kind) {
    case "remove":
      await attempt(`remove "${path}"`, async () => {
        await unlink(path);
        await removeEmptyParents(root, move.path);
      });
      return [parentOf(move.path)];
    case "remove-parents":
      await attempt(`remove folders above "${path}"`, () => removeEmptyParents(root, move.path));
      return [];
    case "remove-folders":
      await attempt(`remove "${path}"`, () => removeFolders(path));
      return [parentOf(move.path)];
    case "chmod":
      await attempt(`change the mode of "${path}"`, () => changeMode(path, placedMode(move.file)));
      return [];
    case "write":
      return await placeAt(
        root,
        move.path,
        move.file.mode === "link"
          ? { kind: "link", target: move.file.bytes }
          : { kind: "file", bytes: move.file.bytes, mode: placedMode(move.file) },
      );
  }
}

/** A part of the way may have become a link since the plan was made. */
function requireFolders(root: string, path: string): void {
  const found = lookBelow(root)(path);
  if (found.kind !== "blocked") return;
  throw hostFilesConflict(`Cannot change "${join(root, path)}": "${found.by}" is a ${found.is} now`, "move it aside");
}

async function changeMode(path: string, mode: number): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

/** @throws HoldfastError `HOST_FILES` for a path that no strict reader lets through: the last line of defence */
export function checkRelative(paths: Iterable<string>): void {
  for (const path of paths) {
    const unsafe = path.split("/").some((part) => part === "" || part === "." || part === ".." || part.includes("\0"));
    if (unsafe || path.toLowerCase().split("/").includes(".git")) {
      throw hostFilesConflict(
        `Cannot place "${path}": the path leaves its folder or is git's own`,
        "this is a defect of holdfast",
      );
    }
  }
}
