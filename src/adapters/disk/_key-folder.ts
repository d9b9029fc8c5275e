import { constants } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import { quoteText } from "../../model/escape.ts";
import { compareText } from "../../model/issue.ts";
import type { KeyFile } from "../../model/keys.ts";
import type { KeyTree } from "../../ports/key-disk.ts";
import { reading } from "./_errors.ts";

/** What a bundle may hold: a home folder given by mistake ends here instead of being read whole. */
const most = { entries: 4096, totalBytes: 64 << 20, depth: 32 } as const;

/** Every file and folder of a keys folder, sorted by path. */
export async function readKeyFolder(path: string): Promise<KeyTree> {
  const folders: Omit<KeyFile, "bytes">[] = [];
  const files: KeyFile[] = [];
  const root = await reading(path, () => realpath(path));
  let totalBytes = 0;

  async function walk(relative: string, depth: number): Promise<void> {
    const at = join(root, relative);
    folders.push(await reading(at, async () => keyFacts(relative, await lstat(at))));
    if (depth > most.depth) throw unfit(at, `it is deeper than ${most.depth} folders`);
    const entries = await reading(at, () => readdir(at, { withFileTypes: true }));
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      const inside = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (folders.length + files.length >= most.entries) throw unfit(root, `it holds more than ${most.entries} files`);
      if (entry.isDirectory()) {
        await walk(inside, depth + 1);
        continue;
      }
      if (!entry.isFile()) {
        const kind = entry.isSymbolicLink() ? "symbolic link" : "pipe, socket or device";
        throw unfit(join(root, inside), `it is a ${kind}, only plain files are sealed`);
      }
      const file = await readPlainFile(join(root, inside), inside, most.totalBytes - totalBytes);
      totalBytes += file.bytes.length;
      files.push(file);
    }
  }

  await walk("", 0);
  if (files.length === 0) throw unfit(path, "it holds no file");
  return { name: basename(resolve(path)), folders, files };
}

/** One file that is no link, also when it was exchanged since the folder was listed. */
async function readPlainFile(path: string, inside: string, maxBytes: number): Promise<KeyFile> {
  return await reading(path, async () => {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw unfit(path, "it is no plain file");
      if (stats.size > maxBytes) throw unfit(path, `with it the folder holds more than ${most.totalBytes} bytes`);
      return { ...keyFacts(inside, stats), bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  });
}

/** setuid, setgid and sticky bits mean nothing for a key. */
function keyFacts(path: string, { mode, uid, gid }: { mode: number; uid: number; gid: number }) {
  return { path, mode: mode & 0o777, uid, gid };
}

function unfit(path: string, found: string): HoldfastError {
  return new HoldfastError("KEYS_ARCHIVE", `Cannot seal ${quoteText(path)}: ${found}`, {
    retry: "operator",
    hint: "give a folder that holds the deployment's keys and nothing else, as plain files",
  });
}
