import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import type { Tip } from "../../ports/source.ts";
import { overLimit } from "./errors.ts";
import type { GitLimits } from "./limits.ts";
import { type LoadedRevision, loadRevision } from "./load-revision.ts";
import { isObjectId } from "./objects.ts";
import { isThere, namesIn, onDisk, renameSynced, syncFolder, unfinishedFolders, writeSynced } from "./store-folder.ts";

/**
 * Commits on disk: `<folder>/<commit>/` holds `pack` (the commit with its whole tree, as received) and `ref` (where it
 * was resolved from). A commit's folder gets its name by a rename, after everything in it was checked and synced.
 */
export interface CommitStore {
  has(commit: string): Promise<boolean>;
  /** Takes in a commit, whole and checked, or throws and keeps nothing of it. */
  receive(tip: Tip, pack: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<LoadedRevision>;
  /**
   * Reads a commit and checks it again.
   *
   * @returns undefined when there is none, "damaged" when it is not what was stored
   */
  load(commit: string, signal: AbortSignal): Promise<LoadedRevision | "damaged" | undefined>;
  /** Notes that another ref points to a commit now. */
  setRef(tip: Tip): Promise<void>;
  /** Removes all commits but these. */
  prune(keep: readonly string[]): Promise<void>;
  /** Removes what is left of fetches that ended early. */
  sweep(): Promise<void>;
}

/** @param folder made on first use, 0700 */
export function commitStore(folder: string, limits: GitLimits): CommitStore {
  const unfinished = unfinishedFolders(folder);
  const placeOf = (commit: string) => join(folder, commit);

  /** Off its name first, so that no half-removed commit ever has one. */
  async function discard(commit: string): Promise<void> {
    const aside = unfinished.next();
    await renameSynced(placeOf(commit), aside);
    await rm(aside, { recursive: true, force: true });
  }

  /** A commit that another fetch has placed meanwhile stays, a damaged one is replaced. */
  async function place(incoming: string, commit: string, signal: AbortSignal): Promise<void> {
    if (await onDisk(folder, () => renameSynced(incoming, placeOf(commit)))) return;
    const standing = await load(commit, signal);
    if (standing !== undefined && standing !== "damaged") return;
    await onDisk(folder, async () => {
      await discard(commit);
      await renameSynced(incoming, placeOf(commit));
    });
  }

  async function load(commit: string, signal: AbortSignal): Promise<LoadedRevision | "damaged" | undefined> {
    const files = ["ref", "pack"].map((name) => join(placeOf(commit), name));
    const [ref, pack] = await onDisk(folder, () => Promise.all(files.map(readIfThere)));
    if (!ref || !pack) return undefined;
    try {
      return await loadRevision(pack, { tip: { commit, ref: ref.toString() }, limits }, signal);
    } catch (error) {
      if (error instanceof HoldfastError && error.code === "SOURCE_PROTOCOL") return "damaged";
      throw error;
    }
  }

  return {
    load,
    has: (commit) => isThere(join(placeOf(commit), "pack")),

    async receive(tip, pack, signal) {
      const incoming = unfinished.next();
      try {
        await onDisk(folder, () => mkdir(incoming, { recursive: true, mode: 0o700 }));
        const file = join(incoming, "pack");
        await onDisk(folder, () => writeSynced(file, limitBytes(pack, limits.maxPackBytes)));
        // What is checked is what lies on the disk.
        const loaded = await loadRevision(await onDisk(folder, () => readFile(file)), { tip, limits }, signal);
        await onDisk(folder, async () => {
          await writeSynced(join(incoming, "ref"), [Buffer.from(tip.ref)]);
          await syncFolder(incoming);
        });
        await place(incoming, tip.commit, signal);
        return loaded;
      } finally {
        // What cannot be removed now is swept later: it must not hide why the fetch failed.
        await rm(incoming, { recursive: true, force: true }).catch(() => {});
      }
    },

    async setRef({ commit, ref }) {
      const incoming = unfinished.next();
      await onDisk(folder, async () => {
        await writeSynced(incoming, [Buffer.from(ref)]);
        await renameSynced(incoming, join(placeOf(commit), "ref"));
      });
    },

    async prune(keep) {
      for (const name of await onDisk(folder, () => namesIn(folder))) {
        if (!isObjectId(name) || keep.includes(name)) continue;
        await onDisk(folder, () => discard(name));
      }
    },

    sweep: () => onDisk(folder, () => unfinished.sweep()),
  };
}

async function* limitBytes(pieces: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const piece of pieces) {
    received += piece.length;
    if (received > most) throw overLimit("more bytes came for it than fit", `${most}`);
    yield piece;
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
