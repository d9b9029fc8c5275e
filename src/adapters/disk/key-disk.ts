import { randomBytes } from "node:crypto";
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import { quoteText } from "../../model/escape.ts";
import type { KeyFile } from "../../model/keys.ts";
import type { KeyDisk } from "../../ports/key-disk.ts";
import { cannotWrite, reading, writing } from "./_errors.ts";
import { readKeyFolder } from "./_key-folder.ts";

/** No bundle that can be opened is larger. */
const maxFileBytes = 64 << 20;

/** `f_type` of the file systems that live in memory only: tmpfs and ramfs. */
const memoryTypes: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/** The files that the keys commands read and write. */
export function keyDisk(): KeyDisk {
  return {
    readFolder: readKeyFolder,
    writeFolder,
    readFile: (path) => reading(path, () => readBounded(path)),
    writeFile: writeWhole,
    async isBelow(path, folder) {
      const [inner, outer] = [await realPath(path), await realPath(folder)];
      return inner === outer || inner.startsWith(outer === "/" ? outer : `${outer}/`);
    },
    async storage(path) {
      const { type } = await writing(path, async () => statfs(await nearestExisting(resolve(path))));
      return memoryTypes.has(type) ? "memory" : "disk";
    },
  };
}

async function readBounded(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size <= maxFileBytes) return await readFile(path);
  throw new HoldfastError("SOURCE_LIMIT", `Cannot read ${quoteText(path)}: it has ${size} bytes`, {
    retry: "operator",
    hint: `give a bundle of at most ${maxFileBytes} bytes`,
  });
}

/** A new folder is filled beside its place and renamed, so that nobody meets half of it. */
async function writeFolder(path: string, files: readonly KeyFile[], owners: "kept" | "own"): Promise<void> {
  const target = resolve(path);
  await writing(path, async () => {
    await requireFree(target);
    const unfinished = await mkdtemp(join(dirname(target), `.${basename(target)}.`)); // 0700
    try {
      for (const file of files) await writeKey(join(unfinished, file.path), file, owners);
      await rename(unfinished, target);
    } catch (thrown) {
      await rm(unfinished, { recursive: true, force: true });
      throw thrown;
    }
  });
}

async function requireFree(target: string): Promise<void> {
  const found = await unlessMissing(lstat(target));
  if (!found) return;
  if (!found.isDirectory()) throw cannotWrite(target, "it exists, and is no folder");
  if ((await readdir(target)).length > 0) throw cannotWrite(target, "it is not empty");
  if (found.dev !== (await stat(dirname(target))).dev) {
    throw cannotWrite(target, "it is a mount point, needed is a folder inside of it");
  }
}

async function writeKey(path: string, { bytes, mode, uid, gid }: KeyFile, owners: "kept" | "own"): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    if (owners === "kept" && process.getuid?.() === 0) await chown(path, uid, gid);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}`);
  await writing(path, async () => {
    if ((await unlessMissing(stat(path)))?.isDirectory()) throw cannotWrite(path, "it is a folder");
    try {
      const file = await open(unfinished, "wx", 0o644);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
    } catch (thrown) {
      await rm(unfinished, { force: true });
      throw thrown;
    }
  });
}

/** Links resolved as far as the path exists. */
async function realPath(path: string): Promise<string> {
  const full = resolve(path);
  const existing = await nearestExisting(full);
  return join(await reading(existing, () => realpath(existing)), full.slice(existing.length));
}

async function nearestExisting(path: string): Promise<string> {
  let at = path;
  while (at !== "/" && !await unlessMissing(stat(at))) at = dirname(at);
  return at;
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  return await asked.catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT" || thrown.code === "ENOTDIR") return undefined;
    throw thrown;
  });
}
