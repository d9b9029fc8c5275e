import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../../model/issue.ts";
import { lookAt, type Standing } from "./_look.ts";

export interface Walked {
  /** Relative to where the walk began. */
  readonly path: string;
  readonly found: Standing;
}

/** Everything below a folder in path order, each folder before what it holds; no link is followed. */
export async function walk(root: string, below = ""): Promise<Walked[]> {
  const all: Walked[] = [];
  for (const name of (await readdir(join(root, below))).sort(compareText)) {
    const path = below === "" ? name : `${below}/${name}`;
    const found = lookAt(join(root, path));
    if (found.kind === "missing") continue; // gone since it was listed
    all.push({ path, found });
    if (found.kind === "folder") all.push(...await walk(root, path));
  }
  return all;
}

/** The same without the folders. */
export async function walkFiles(root: string): Promise<Walked[]> {
  return (await walk(root)).filter(({ found }) => found.kind !== "folder");
}
