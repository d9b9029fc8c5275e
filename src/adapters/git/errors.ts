import { HoldfastError } from "../../model/error.ts";

/** What a signal's end is thrown as: its own reason when that says more (a time limit), else `CANCELLED`. */
export function cancelled(signal: AbortSignal): HoldfastError {
  if (signal.reason instanceof HoldfastError) return signal.reason;
  return new HoldfastError("CANCELLED", "Cannot finish reading from git: the work was cancelled", {
    retry: "backoff",
    hint: "nothing half-read is kept; run it again",
    cause: signal.reason,
  });
}

/** @throws HoldfastError `CANCELLED` once the signal is aborted */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal);
}

/** An answer that is not git's, or not one that this client can use. */
export function protocolError(where: string, found: string, hint?: string): HoldfastError {
  return new HoldfastError("SOURCE_PROTOCOL", `Cannot read ${where}: ${found}`, {
    retry: "backoff",
    hint: hint ?? "check that the address is a git repository's, and what stands between it and this host",
  });
}

/** A tree or object that a strict reader refuses. `where` names the path, already quoted. */
export function unsafe(where: string, found: string, hint: string): HoldfastError {
  return new HoldfastError("SOURCE_UNSAFE", `Cannot use ${where}: ${found}`, { retry: "next-revision", hint });
}

/** More of something than the limits allow. */
export function overLimit(what: string, most: string): HoldfastError {
  return new HoldfastError("SOURCE_LIMIT", `Cannot use the revision: ${what}, at most ${most} are allowed`, {
    retry: "next-revision",
    hint: "take what is too large out of the revision and push, or keep it outside of git",
  });
}

/** A pack that takes more to unpack than it may; `what` was exceeded. */
export function tooCostly(what: string): HoldfastError {
  return new HoldfastError("SOURCE_LIMIT", `Cannot use the revision: unpacking it takes ${what}`, {
    retry: "next-revision",
    hint: "take large files and folders with very many files out of the revision and push, or keep them outside of git",
  });
}

/** A commit that the remote does not have, or does not give. */
export function missingCommit(commit: string, where: string, found = "it is not there"): HoldfastError {
  return new HoldfastError("SOURCE_REF", `Cannot fetch commit ${commit} from ${where}: ${found}`, {
    retry: "backoff",
    hint: "if a branch was just moved, it is tried again; else push the commit under a branch or a tag",
  });
}
