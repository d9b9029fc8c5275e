import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A state folder to read from, and what its readers leave in it (fetched commits). */
export interface BorrowedState {
  /** Absolute. */
  readonly folder: string;
  /** Removes it, if it was made for this reader alone. */
  release(): Promise<void>;
}

/**
 * The state folder for a command that changes nothing: the agent's own or, where no agent has run yet, a temporary one,
 * so that the host stays untouched.
 */
export async function borrowState(folder: string): Promise<BorrowedState> {
  const isUsed = await readdir(folder).then(
    (names) => names.length > 0,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
  if (isUsed) return { folder, release: () => Promise.resolve() };
  const temporary = await mkdtemp(join(tmpdir(), "holdfast-"));
  return { folder: temporary, release: () => rm(temporary, { recursive: true, force: true }) };
}
