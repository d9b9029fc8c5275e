import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import type { Revision } from "../../model/revision.ts";
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
  receive(tip: Tip, pack: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Revision>;
  /** As `load()`, without the files. */
  check(commit: string, signal: AbortSignal): Promise<Revision | "damaged" | undefined>;
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

/**
 * Unpacks and checks all that a commit's pack holds.
 *
 * @param of.pack its path
 * @throws HoldfastError as `loadRevision()`
 */
export type PackInspector = (
  of: { readonly pack: string; readonly tip: Tip; readonly limits: GitLimits },
  signal: AbortSignal,
) => Promise<Revision>;

/**
 * @param folder made on first use, 0700
 * @param inspect default: in this thread
 */
export function commitStore(folder: string, limits: GitLimits, inspect: PackInspector = inspectHere): CommitStore {
  return new FolderCommitStore(folder, limits, inspect);
}

const inspectHere: PackInspector = async ({ pack, ...of }, signal) =>
  (await loadRevision(await readFile(pack), of, signal)).revision;

class FolderCommitStore implements CommitStore {
  readonly #folder: string;
  readonly #limits: GitLimits;
  readonly #inspect: PackInspector;
  readonly #unfinished: ReturnType<typeof unfinishedFolders>;

  constructor(folder: string, limits: GitLimits, inspect: PackInspector) {
    this.#inspect = inspect;
    this.#folder = folder;
    this.#limits = limits;
    this.#unfinished = unfinishedFolders(folder);
  }

  has(commit: string): Promise<boolean> {
    return isThere(join(this.#placeOf(commit), "pack"));
  }

  async receive(tip: Tip, pack: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Revision> {
    const limits = this.#limits;
    const incoming = this.#unfinished.next();
    try {
      await this.#onDisk(() => mkdir(incoming, { recursive: true, mode: 0o700 }));
      const file = join(incoming, "pack");
      await this.#onDisk(() => writeSynced(file, limitBytes(pack, limits.maxPackBytes)));
      // What is checked is what lies on the disk.
      const revision = await this.#onDisk(() => this.#inspect({ pack: file, tip, limits }, signal));
      await this.#onDisk(async () => {
        await writeSynced(join(incoming, "ref"), [Buffer.from(tip.ref)]);
        await syncFolder(incoming);
      });
      await this.#place(incoming, tip.commit, signal);
      return revision;
    } finally {
      // What cannot be removed now is swept later: it must not hide why the fetch failed.
      await rm(incoming, { recursive: true, force: true }).catch(() => {});
    }
  }

  async load(commit: string, signal: AbortSignal): Promise<LoadedRevision | "damaged" | undefined> {
    const files = ["ref", "pack"].map((name) => join(this.#placeOf(commit), name));
    const [ref, pack] = await this.#onDisk(() => Promise.all(files.map(readIfThere)));
    if (!ref || !pack) return undefined;
    const of = { tip: { commit, ref: ref.toString() }, limits: this.#limits };
    return await unlessDamaged(loadRevision(pack, of, signal));
  }

  async check(commit: string, signal: AbortSignal): Promise<Revision | "damaged" | undefined> {
    const pack = join(this.#placeOf(commit), "pack");
    const ref = await this.#onDisk(() => readIfThere(join(this.#placeOf(commit), "ref")));
    if (!ref || !await isThere(pack)) return undefined;
    const of = { pack, tip: { commit, ref: ref.toString() }, limits: this.#limits };
    return await unlessDamaged(this.#onDisk(() => this.#inspect(of, signal)));
  }

  async setRef({ commit, ref }: Tip): Promise<void> {
    const incoming = this.#unfinished.next();
    await this.#onDisk(async () => {
      await writeSynced(incoming, [Buffer.from(ref)]);
      await renameSynced(incoming, join(this.#placeOf(commit), "ref"));
    });
  }

  async prune(keep: readonly string[]): Promise<void> {
    for (const name of await this.#onDisk(() => namesIn(this.#folder))) {
      if (!isObjectId(name) || keep.includes(name)) continue;
      await this.#onDisk(() => this.#discard(name));
    }
  }

  sweep(): Promise<void> {
    return this.#onDisk(() => this.#unfinished.sweep());
  }

  /** A commit that another fetch has placed meanwhile stays, a damaged one is replaced. */
  async #place(incoming: string, commit: string, signal: AbortSignal): Promise<void> {
    if (await this.#onDisk(() => renameSynced(incoming, this.#placeOf(commit)))) return;
    const standing = await this.check(commit, signal);
    if (standing !== undefined && standing !== "damaged") return;
    await this.#onDisk(async () => {
      await this.#discard(commit);
      await renameSynced(incoming, this.#placeOf(commit));
    });
  }

  /** Off its name first, so that no half-removed commit ever has one. */
  async #discard(commit: string): Promise<void> {
    const aside = this.#unfinished.next();
    await renameSynced(this.#placeOf(commit), aside);
    await rm(aside, { recursive: true, force: true });
  }

  #placeOf(commit: string): string {
    return join(this.#folder, commit);
  }

  #onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    return onDisk(this.#folder, work);
  }
}

async function unlessDamaged<Result>(work: Promise<Result>): Promise<Result | "damaged"> {
  return await work.catch((error: unknown) => {
    if (error instanceof HoldfastError && error.code === "SOURCE_PROTOCOL") return "damaged";
    throw error;
  });
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
