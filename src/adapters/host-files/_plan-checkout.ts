import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RevisionFile, RevisionFiles } from "../../model/files.ts";
import { quoteText } from "../../model/escape.ts";
import { compareText } from "../../model/issue.ts";
import { compareTracked, type Modes } from "./_compare.ts";
import type { ContentCache } from "./_content-cache.ts";
import { hostFilesConflict } from "./_errors.ts";
import { type Found, lookAt, lookBelow, parentOf } from "./_look.ts";
import { temporaryPath } from "./_place.ts";

/** One change of the checkout. Removals come first: a file may stand where a folder is needed. */
export type Move =
  | { readonly kind: "remove"; readonly path: string }
  /** Folders above a path that was removed before, by a placement that was killed then. */
  | { readonly kind: "remove-parents"; readonly path: string }
  /** A folder that holds nothing but folders. */
  | { readonly kind: "remove-folders"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly file: RevisionFile }
  | { readonly kind: "chmod"; readonly path: string; readonly file: RevisionFile };

export interface CheckoutOrder {
  readonly root: string;
  readonly files: RevisionFiles;
  /** What earlier revisions may have put there: ours to replace and to remove. */
  readonly previous: RevisionFiles;
  /** Who put there what no earlier revision is known to have: see `HostFilesOptions`. */
  readonly owner: CheckoutOwner;
}

export type CheckoutOwner = "holdfast" | "operator";

/** In its own checkout holdfast sets every bit of a mode; in an operator's clone only what git tells apart. */
export function modesOf(owner: CheckoutOwner): Modes {
  return owner === "holdfast" ? "exact" : "as git judges";
}

/**
 * Everything that makes the checkout equal to the revision, found before anything is changed.
 *
 * @throws HoldfastError `HOST_FILES` where something stands in the way that git does not track
 */
export async function planCheckout(order: CheckoutOrder, cache: ContentCache, signal: AbortSignal): Promise<Move[]> {
  const { root, files, owner } = order;
  const look = lookBelow(root);
  const removals = planRemovals(order, look);
  const moves: Move[] = removals.map((path) => ({ kind: "remove", path }));
  for (const path of findEmptied(order, look)) moves.push({ kind: "remove-parents", path });
  const removed = new Set(removals);
  const inTheWay: string[] = [];
  for (const path of [...files.keys()].sort(compareText)) {
    signal.throwIfAborted();
    const file = files.get(path)!;
    const found = look(path);
    const difference = await compareTracked(root, { path, file, found, modes: modesOf(owner) }, cache);
    if (!difference) continue;
    const obstacle = findObstacle({ path, found }, order, removed);
    if (obstacle) inTheWay.push(obstacle);
    else if (difference === "mode") moves.push({ kind: "chmod", path, file });
    else {
      if (found.kind === "folder") moves.push({ kind: "remove-folders", path });
      moves.push({ kind: "write", path, file });
    }
  }
  if (inTheWay.length > 0) throw obstacleError(root, inTheWay);
  return moves;
}

/** What earlier revisions left and this one does not have, and what a placement that was killed left half-made. */
function planRemovals({ files, previous }: CheckoutOrder, look: (path: string) => Found): string[] {
  const stands = (path: string) => ["file", "link", "other"].includes(look(path).kind);
  const old = [...previous.keys()].filter((path) => !files.has(path));
  const temporary = [...new Set([...previous.keys(), ...files.keys()])].map(temporaryPath);
  return [...old, ...temporary].filter(stands).sort(compareText);
}

/** Removed paths whose folder is there and empty, one for each folder. */
function findEmptied({ root, files, previous }: CheckoutOrder, look: (path: string) => Found): string[] {
  const byFolder = new Map<string, string>();
  for (const path of previous.keys()) {
    if (files.has(path) || look(path).kind !== "missing") continue;
    let folder = parentOf(path);
    while (folder !== "" && look(folder).kind === "missing") folder = parentOf(folder);
    if (folder !== "") byFolder.set(folder, path);
  }
  const emptied = [...byFolder].filter(([folder]) => readdirSync(join(root, folder)).length === 0);
  return emptied.map(([, path]) => path).sort(compareText);
}

/** Why a tracked path cannot be taken, as text for the operator; undefined when nothing is lost by taking it. */
function findObstacle(
  { path, found }: { readonly path: string; readonly found: Found },
  { root, previous, owner }: CheckoutOrder,
  removed: ReadonlySet<string>,
): string | undefined {
  switch (found.kind) {
    case "missing":
      return undefined;
    case "blocked":
      return removed.has(found.by)
        ? undefined
        : `${quoteText(found.by)} is a ${found.is}, ${quoteText(path)} needs a folder there`;
    case "folder": {
      const other = findUntracked(root, path, removed);
      return other === undefined ? undefined : `${quoteText(path)} is a folder with ${quoteText(other)} in it`;
    }
    default:
      return owner === "holdfast" || previous.has(path) ? undefined : `${quoteText(path)} differs from the revision`;
  }
}

/** A file below the folder that is not going to be removed. */
function findUntracked(root: string, folder: string, removed: ReadonlySet<string>): string | undefined {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    const found = entry.isDirectory() ? findUntracked(root, path, removed) : removed.has(path) ? undefined : path;
    if (found !== undefined) return found;
  }
  return undefined;
}

function obstacleError(root: string, obstacles: readonly string[]) {
  const shown = obstacles.slice(0, 10).join("; ");
  const more = obstacles.length > 10 ? `; and ${obstacles.length - 10} more` : "";
  const isClone = lookAt(join(root, ".git")).kind !== "missing";
  return hostFilesConflict(
    `Cannot place the revision in "${root}": what holdfast did not put there stands in its way: ${shown}${more}`,
    isClone
      ? "commit and push these, or discard them (git checkout -- FILE)"
      : "move these aside, or commit and push them",
  );
}
