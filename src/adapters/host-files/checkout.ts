import { chmod, mkdir, open, readdir, rename, rm, rmdir, symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EditedFile, RevisionFile, RevisionFiles } from "../../model/files.ts";
import { asHostFiles, hostFilesError } from "./errors.ts";
import type { FileDigests } from "./file-digests.ts";
import { observeCheckout, permissions, statOf } from "./observe-checkout.ts";

/** Where files are made before they are renamed into place: on the checkout's own file system. */
const temporaryFolder = ".holdfast.tmp";
/** How many names an error lists. */
const listed = 5;

interface Placing {
  readonly files: RevisionFiles;
  /** What earlier revisions put there; undefined when that is not known. */
  readonly previous: RevisionFiles | undefined;
  readonly digests: FileDigests;
}

/**
 * Makes the tracked files of a checkout those of a revision, each by rename. Everything is looked at before anything is
 * changed, so that what stands in the way leaves the checkout as it was. Killed half-way, a second call does the rest.
 *
 * @throws HoldfastError `HOST_FILES`
 */
export async function placeCheckout(checkout: string, placing: Placing, signal: AbortSignal): Promise<void> {
  await asHostFiles(`place the revision in "${checkout}"`, async () => {
    await mkdir(checkout, { recursive: true });
    const { files, previous, digests } = placing;
    const edited = await observeCheckout(checkout, { files, digests }, signal);
    const removed = [...previous?.keys() ?? []].filter((path) => !files.has(path));
    await refuseObstacles(checkout, { ...placing, edited, removed });
    for (const path of removed) await removeTracked(checkout, path);
    const temporary = join(checkout, temporaryFolder);
    await rm(temporary, { recursive: true, force: true });
    if (edited.length === 0) return;
    await mkdir(temporary, { mode: 0o700 });
    for (const [index, { path }] of edited.entries()) {
      signal.throwIfAborted();
      await placeFile(checkout, { path, file: files.get(path)!, temporary: join(temporary, String(index)) });
    }
    await rm(temporary, { recursive: true, force: true });
  });
}

interface Checked extends Placing {
  readonly edited: readonly EditedFile[];
  readonly removed: readonly string[];
}

/** Whatever git did not put there is not ours to replace. */
async function refuseObstacles(checkout: string, { edited, removed, files, previous }: Checked): Promise<void> {
  const isClone = await statOf(join(checkout, ".git")) !== undefined;
  const ours = (path: string): boolean => previous === undefined || previous.size === 0 ? !isClone : previous.has(path);
  const foreign = edited.filter(({ path, found }) => found !== "missing" && found !== "mode" && !ours(path)).map((
    { path },
  ) => path);
  if (foreign.length > 0) {
    const what = isClone
      ? "tracked files differ from the revision"
      : "files that holdfast did not put there are in the way";
    throw hostFilesError(`place the revision in "${checkout}"`, `${what}: ${nameSome(foreign)}`, {
      hint: isClone ? "commit and push them, or discard them (git checkout -- FILE)" : "move them away",
    });
  }
  const leaving = new Set(removed);
  for (const { path } of edited) await refuseObstacle(checkout, path, { leaving, files });
}

interface Obstacle {
  /** Paths that go before anything is written. */
  readonly leaving: ReadonlySet<string>;
  readonly files: RevisionFiles;
}

async function refuseObstacle(checkout: string, path: string, { leaving, files }: Obstacle): Promise<void> {
  const parts = path.split("/");
  for (let count = 1; count < parts.length; count++) {
    const parent = parts.slice(0, count).join("/");
    const stats = await statOf(join(checkout, parent));
    if (!stats) return;
    if (stats.isDirectory() || leaving.has(parent)) continue;
    throw hostFilesError(`place "${path}" in "${checkout}"`, `"${parent}" is no folder`);
  }
  const stats = await statOf(join(checkout, path));
  if (!stats?.isDirectory()) return;
  const inside = (await readdir(join(checkout, path), { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(checkout.length + 1));
  const strangers = inside.filter((each) => !leaving.has(each) && !files.has(each));
  if (strangers.length > 0 || inside.length === 0) {
    throw hostFilesError(
      `place "${path}" in "${checkout}"`,
      `a folder stands there${strangers.length > 0 ? ` that holds ${nameSome(strangers)}` : ""}`,
    );
  }
}

async function removeTracked(checkout: string, path: string): Promise<void> {
  const full = join(checkout, path);
  const stats = await statOf(full);
  if (stats && !stats.isDirectory()) await unlink(full);
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const isGone = await rmdir(join(checkout, folder)).then(() => true, () => false); // not empty: somebody's files
    if (!isGone) return;
  }
}

interface PlacedFile {
  readonly path: string;
  readonly file: RevisionFile;
  readonly temporary: string;
}

async function placeFile(checkout: string, { path, file, temporary }: PlacedFile): Promise<void> {
  const full = join(checkout, path);
  await mkdir(dirname(full), { recursive: true });
  if (file.mode === "link") await symlink(Buffer.from(file.bytes), temporary);
  else await writeThrough(temporary, { bytes: file.bytes, mode: permissions(file.mode) });
  await rename(temporary, full);
}

/** Writes a new file whose bytes are on disk before anything points at it. */
export async function writeThrough(
  path: string,
  { bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number },
): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(path, mode); // whatever the umask took away
}

/** `"a", "b" and 3 more` */
export function nameSome(paths: readonly string[]): string {
  const shown = paths.slice(0, listed).map((path) => JSON.stringify(path)).join(", ");
  return paths.length > listed ? `${shown} and ${paths.length - listed} more` : shown;
}
