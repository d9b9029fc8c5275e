import { link, mkdir, readdir, readlink, rename, rm, rmdir, symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareText } from "../../model/issue.ts";
import type { KeyFile } from "../../model/keys.ts";
import { attempt, hostFilesConflict } from "./_errors.ts";
import { lookAt } from "./_look.ts";
import { makeFolders, mayChown, removeFolders, writeThrough } from "./_place.ts";
import { readPlainFile } from "./_read.ts";
import { walk, walkFiles } from "./_walk.ts";

/**
 * `keys` in the runtime folder is a link to the newest of the folders `keys.1`, `keys.2`, …: it is switched by one
 * rename. A container that binds a folder below it keeps the one it was started with, so a retired folder keeps those
 * files that are the same in the newest (as hard links of it); what is not in the bundle any more is removed at once.
 */
const folderName = /^keys\.([0-9]{1,9})$/;

/** Nothing of that size is a key: it was put there by somebody else. */
export const mostKeyBytes = 64 << 20;

/** Retired folders that may still be bound; older ones are removed whole. */
const mostRetired = 16;

/**
 * Switches the keys as a whole; does nothing where they lie there already.
 *
 * @param runtime a folder on tmpfs that exists
 */
export async function switchKeys(runtime: string, keys: readonly KeyFile[], signal: AbortSignal): Promise<void> {
  await attempt(`write the keys below "${runtime}"`, async () => {
    const current = await currentNumber(runtime);
    await removeUnfinished(runtime, current);
    let number = current;
    if (number === undefined || !await holdsExactly(join(runtime, `keys.${number}`), keys)) {
      signal.throwIfAborted();
      number = (current ?? 0) + 1;
      const before = current === undefined ? undefined : join(runtime, `keys.${current}`);
      await fillFolder(join(runtime, `keys.${number}`), keys, before);
      await pointTo(runtime, `keys.${number}`);
    }
    await pruneRetired(runtime, number);
  });
}

/** The folder that `keys` leads to now; undefined where there is none. */
export async function currentKeysFolder(runtime: string): Promise<string | undefined> {
  const path = join(runtime, "keys");
  if (lookAt(path).kind !== "link") return undefined;
  const name = await attempt(`read "${path}"`, () => readlink(path));
  return folderName.test(name) ? join(runtime, name) : undefined;
}

/** The plain files of the folder that `keys` leads to now, sorted by path. */
export async function readKeys(runtime: string, signal: AbortSignal): Promise<KeyFile[]> {
  const folder = await currentKeysFolder(runtime);
  if (folder === undefined || lookAt(folder).kind !== "folder") return [];
  return await attempt(`read "${folder}"`, async () => {
    const keys: KeyFile[] = [];
    for (const { path } of await walkFiles(folder)) {
      signal.throwIfAborted();
      const read = await readPlainFile(join(folder, path), mostKeyBytes);
      if (!read) continue;
      const { mode, uid, gid } = read.stat;
      keys.push({ path, mode: Number(mode) & 0o7777, uid: Number(uid), gid: Number(gid), bytes: read.bytes });
    }
    return keys.sort((a, b) => compareText(a.path, b.path));
  });
}

/** The number of the folder that `keys` leads to; undefined before the first placement and after a boot. */
async function currentNumber(runtime: string): Promise<number | undefined> {
  const path = join(runtime, "keys");
  const found = lookAt(path);
  if (found.kind === "missing") return undefined;
  if (found.kind === "folder" && (await walkFiles(path)).length === 0) return undefined; // Docker's, for a missing bind source
  if (found.kind !== "link") {
    throw hostFilesConflict(
      `Cannot switch the keys: "${path}" is a ${found.kind} that holdfast did not make`,
      "move it aside",
    );
  }
  const match = folderName.exec(await readlink(path));
  return match && lookAt(join(runtime, match[0])).kind === "folder" ? Number(match[1]) : undefined;
}

/** Folders that a killed placement did not come to switch to; without a current one, all. */
async function removeUnfinished(runtime: string, current: number | undefined): Promise<void> {
  for (const number of await folderNumbers(runtime)) {
    if (number > (current ?? 0)) await rm(join(runtime, `keys.${number}`), { recursive: true, force: true });
  }
}

async function folderNumbers(runtime: string): Promise<number[]> {
  const matches = (await readdir(runtime)).map((name) => folderName.exec(name));
  return matches.flatMap((match) => match ? [Number(match[1])] : []).sort((a, b) => a - b);
}

async function holdsExactly(folder: string, keys: readonly KeyFile[]): Promise<boolean> {
  const there = await walkFiles(folder);
  const wanted = new Map(keys.map((key) => [key.path, key]));
  if (there.length !== wanted.size) return false;
  for (const { path } of there) {
    const key = wanted.get(path);
    if (!key || !await isSameKey(join(folder, path), key)) return false;
  }
  return true;
}

/** Whether a file is this key to the byte, with its mode and owner. */
export async function isSameKey(path: string, key: Omit<KeyFile, "path">): Promise<boolean> {
  const read = await readPlainFile(path, key.bytes.length);
  if (!read || Buffer.compare(read.bytes, key.bytes) !== 0) return false;
  const { mode, uid, gid } = read.stat;
  const sameOwner = !mayChown || (Number(uid) === key.uid && Number(gid) === key.gid);
  return sameOwner && (Number(mode) & 0o7777) === key.mode;
}

async function fillFolder(folder: string, keys: readonly KeyFile[], before: string | undefined): Promise<void> {
  await mkdir(folder, 0o700);
  for (const key of [...keys].sort((a, b) => compareText(a.path, b.path))) {
    await makeFolders(folder, dirname(key.path) === "." ? "" : dirname(key.path));
    const path = join(folder, key.path);
    const old = before && join(before, key.path);
    if (old && await isSameKey(old, key)) await link(old, path);
    else await writeThrough(path, { kind: "file", bytes: key.bytes, mode: key.mode, owner: key });
  }
}

async function pointTo(runtime: string, target: string): Promise<void> {
  const path = join(runtime, "keys");
  if (lookAt(path).kind === "folder") await removeFolders(path);
  const temporary = join(runtime, ".keys.tmp");
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, path);
}

async function pruneRetired(runtime: string, current: number): Promise<void> {
  const retired = (await folderNumbers(runtime)).filter((number) => number < current);
  const kept = new Set(retired.slice(-mostRetired));
  for (const number of retired) {
    const folder = join(runtime, `keys.${number}`);
    if (kept.has(number)) await keepShared(folder, join(runtime, `keys.${current}`));
    else await rm(folder, { recursive: true, force: true });
  }
}

/** Removes all that is not the same file in the current folder. */
async function keepShared(retired: string, current: string): Promise<void> {
  const all = await walk(retired);
  for (const { path, found } of all.toReversed()) { // what a folder holds comes before it
    const absolute = join(retired, path);
    if (found.kind === "folder") {
      if ((await readdir(absolute)).length === 0) await rmdir(absolute);
      continue;
    }
    const newest = lookAt(join(current, path));
    if (newest.kind !== "file" || newest.stat.ino !== found.stat.ino) await unlink(absolute);
  }
  if ((await readdir(retired)).length === 0) await rmdir(retired);
}
