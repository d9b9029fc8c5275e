import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { HoldfastError } from "../../model/error.ts";

/** Holds the state folder against a second agent; the kernel frees it when the process dies, however it dies. */
export interface StateLock {
  release(): void;
}

/**
 * Takes `lock.sqlite` in an exclusive transaction.
 *
 * @param folder the state folder, made (0700) when it is missing
 * @throws HoldfastError `STATE_LOCKED` when another process holds it, `STATE_WRITE` when it cannot be taken at all
 */
export function lockState(folder: string): StateLock {
  const path = join(folder, "lock.sqlite");
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    chmodSync(path, 0o600);
  } catch (error) {
    database?.close();
    throw lockError(folder, error);
  }
  const held = database;
  return { release: () => held.close() };
}

function lockError(folder: string, error: unknown): HoldfastError {
  if (isBusy(error)) {
    return new HoldfastError("STATE_LOCKED", `Cannot use the state folder "${folder}": another holdfast holds it`, {
      retry: "operator",
      hint:
        "stop the other one (`systemctl status holdfast`, `holdfast status`), or give this one a `state` of its own",
      cause: error,
    });
  }
  return new HoldfastError("STATE_WRITE", `Cannot lock the state folder "${folder}": ${(error as Error).message}`, {
    retry: "operator",
    hint: (error as NodeJS.ErrnoException).code === "EROFS" // the unit's ProtectSystem=strict
      ? `the folder is not there, and the service may not make it: sudo holdfast install`
      : `make "${folder}" a folder that holdfast may write, with free space`,
    cause: error,
  });
}

/** SQLITE_BUSY (5); Deno's errors have the text only. */
function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === 5 || (error as Error).message === "database is locked";
}
