import { chown, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { KeyFile } from "../../model/keys.ts";
import { nameSome, writeThrough } from "./checkout.ts";
import { asHostFiles, hostFilesError } from "./errors.ts";
import { statOf } from "./observe-checkout.ts";

/**
 * Writes the keys into a fresh folder `keys.<n>` and switches the link `keys` to it, so that nobody ever sees a half of
 * them; then removes the older folders.
 *
 * @param runtime the deployment's folder on tmpfs
 */
export async function placeKeyFolder(runtime: string, keys: readonly KeyFile[], signal: AbortSignal): Promise<void> {
  await asHostFiles(`place the keys in "${runtime}"`, async () => {
    const before = (await readdir(runtime)).filter((name) => /^keys\.\d+$/.test(name));
    const number = Math.max(0, ...before.map((name) => Number(name.slice("keys.".length)))) + 1;
    const folder = join(runtime, `keys.${number}`);
    await mkdir(folder, { mode: 0o700 });
    for (const key of keys) {
      signal.throwIfAborted();
      await writeKey(join(folder, key.path), key);
    }
    await switchLink(join(runtime, "keys"), `keys.${number}`);
    for (const name of before) await rm(join(runtime, name), { recursive: true, force: true });
  });
}

/** The owner is taken over where holdfast runs as root; else the file is the agent's own. */
async function writeKey(path: string, key: KeyFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeThrough(path, { bytes: key.bytes, mode: key.mode });
  if (process.getuid?.() === 0) await chown(path, key.uid, key.gid);
}

interface Linking {
  readonly keys: readonly KeyFile[];
  /** The link on tmpfs that the checkout's link points at. */
  readonly folder: string;
}

/**
 * Makes the folder of the checkout that Compose files name a link to the keys, after `place` has put them there. A real
 * folder of an adopted clone gives way only when it holds just what the bundle holds.
 */
export async function linkKeys(path: string, { keys, folder }: Linking, place: () => Promise<void>): Promise<void> {
  await asHostFiles(`place the keys at "${path}"`, async () => {
    const stats = await statOf(path);
    if (stats?.isDirectory()) await requireEqual(path, keys);
    else if (stats && !stats.isSymbolicLink()) {
      throw hostFilesError(`place the keys at "${path}"`, "a file stands there");
    }
    await place();
    if (await isLinkedTo(path, folder)) return;
    await mkdir(dirname(path), { recursive: true });
    if (stats?.isDirectory()) await rm(path, { recursive: true });
    await switchLink(path, folder);
  });
}

/** Whether a path is a link to exactly that target. */
export async function isLinkedTo(path: string, target: string): Promise<boolean> {
  const stats = await statOf(path);
  return stats?.isSymbolicLink() === true && await readlink(path) === target;
}

/** Makes or replaces a link by rename: there is no moment without it. */
async function switchLink(path: string, target: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.holdfast.tmp`);
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, path);
}

async function requireEqual(folder: string, keys: readonly KeyFile[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => !entry.isDirectory()).map((entry) =>
    join(entry.parentPath, entry.name).slice(folder.length + 1)
  );
  const wanted = new Map(keys.map((key) => [key.path, key.bytes]));
  const differing: string[] = [];
  for (const path of [...new Set([...found, ...wanted.keys()])].sort()) {
    const bytes = wanted.get(path);
    const full = join(folder, path);
    const isFile = found.includes(path) && (await lstat(full)).isFile();
    if (!bytes || !isFile || !(await readFile(full)).equals(bytes)) differing.push(path);
  }
  if (differing.length === 0) return;
  throw hostFilesError(`replace "${folder}" by the opened bundle`, `they differ in ${nameSome(differing)}`, {
    hint: "seal what is right into the bundle and push, or move the folder away",
  });
}
