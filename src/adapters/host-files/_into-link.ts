import { readlink, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { KeyFile } from "../../model/keys.ts";
import { attempt, hostFilesConflict, listNames } from "./_errors.ts";
import { lookAt, lookBelow } from "./_look.ts";
import { placeAt, syncFolders, temporaryPath } from "./_place.ts";
import { readPlainFile } from "./_read.ts";
import { walkFiles } from "./_walk.ts";

/** Whether a path is a link to exactly this target. */
export async function leadsTo(path: string, target: string): Promise<boolean> {
  return lookAt(path).kind === "link" && await attempt(`read "${path}"`, () => readlink(path)) === target;
}

export interface IntoOrder {
  readonly checkout: string;
  /** Below the checkout. */
  readonly into: string;
  /** Absolute: where the keys are. */
  readonly target: string;
  readonly keys: readonly KeyFile[];
}

/**
 * What has to be done at the place where Compose files see the keys.
 *
 * @throws HoldfastError `HOST_FILES` where something else stands there
 */
export async function planIntoLink(order: IntoOrder): Promise<"nothing" | "link" | "replace folder"> {
  const path = join(order.checkout, order.into);
  const found = lookBelow(order.checkout)(order.into);
  switch (found.kind) {
    case "missing":
      return "link";
    case "link": {
      const leadsTo = await attempt(`read "${path}"`, () => readlink(path));
      if (leadsTo === order.target) return "nothing";
      throw intoConflict(`"${path}" is a link to "${leadsTo}", needed is one to "${order.target}"`, "remove that link");
    }
    case "folder": {
      const differing = await attempt(`read "${path}"`, () => differingNames(path, order.keys));
      if (differing.length === 0) return "replace folder";
      const found = `"${path}" is a folder whose files differ from the bundle's: ${listNames(differing)}`;
      throw intoConflict(found, "move the folder aside, or seal its files into the bundle, and push");
    }
    case "blocked":
      throw intoConflict(`"${found.by}" is a ${found.is}, needed is a folder`, "move it aside");
    case "file":
    case "other":
      throw intoConflict(`"${path}" is there and is no folder`, "move it aside");
  }
}

/** Makes the link. Whatever a killed placement left beside it goes. */
export async function makeIntoLink({ checkout, into, target }: IntoOrder, act: "nothing" | "link" | "replace folder") {
  const path = join(checkout, into);
  const aside = join(checkout, asidePath(into));
  await attempt(`place the keys at "${path}"`, async () => {
    if (act === "replace folder") await rename(path, aside);
    if (act !== "nothing") {
      const touched = await placeAt(checkout, into, { kind: "link", target });
      await syncFolders(touched.map((folder) => join(checkout, folder)));
    }
    // Only now: killed before the rename, the folder is still the keys' only copy outside the bundle.
    await rm(aside, { recursive: true, force: true });
    await rm(join(checkout, temporaryPath(into)), { force: true });
  });
}

function asidePath(into: string): string {
  return temporaryPath(into).replace(/\.tmp$/, ".old");
}

/** Names that only one side has, or with other bytes; none where the folder holds no file at all. */
async function differingNames(folder: string, keys: readonly KeyFile[]): Promise<string[]> {
  const there = await walkFiles(folder);
  if (there.length === 0) return []; // Docker makes folders where bind sources are missing
  const wanted = new Map(keys.map((key) => [key.path, key.bytes]));
  const differing: string[] = [];
  for (const { path } of there) {
    const bytes = wanted.get(path);
    const read = bytes && await readPlainFile(join(folder, path), bytes.length);
    if (!bytes || !read || Buffer.compare(read.bytes, bytes) !== 0) differing.push(path);
    wanted.delete(path);
  }
  return [...differing, ...wanted.keys()].sort();
}

function intoConflict(found: string, hint: string) {
  return hostFilesConflict(`Cannot place the keys: ${found}`, hint);
}
