import { type BigIntStats, lstatSync } from "node:fs";
import { join } from "node:path";

/** What stands at a path below a folder, never looking through a link. */
export type Found =
  | { readonly kind: "missing" }
  | Standing
  /** A part of the way to it is no folder. */
  | { readonly kind: "blocked"; readonly by: string; readonly is: "file" | "link" | "other" };

export interface Standing {
  readonly kind: "file" | "link" | "folder" | "other";
  readonly stat: BigIntStats;
}

/**
 * Looks at paths below `root`; each folder on the way is looked at once. The calls are synchronous: a quiet pass looks
 * at every tracked file, and a stat takes microseconds this way.
 */
export function lookBelow(root: string): (path: string) => Found {
  const folders = new Map<string, Found>();
  const look = (path: string): Found => {
    const parent = parentOf(path);
    if (parent !== "") {
      const found = folders.get(parent) ?? look(parent);
      folders.set(parent, found);
      if (found.kind === "missing" || found.kind === "blocked") return found;
      if (found.kind !== "folder") return { kind: "blocked", by: parent, is: found.kind };
    }
    return lookAt(join(root, path));
  };
  return look;
}

/** The path itself, a link not followed; the folders above it are. */
export function lookAt(path: string): Standing | { readonly kind: "missing" } {
  const stat = statOf(path);
  if (!stat) return { kind: "missing" };
  const kind = stat.isFile() ? "file" : stat.isSymbolicLink() ? "link" : stat.isDirectory() ? "folder" : "other";
  return { kind, stat };
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** "" for a path without a folder. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
