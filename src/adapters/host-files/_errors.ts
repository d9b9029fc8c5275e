import { HoldfastError } from "../../model/error.ts";
import { quoteText } from "../../model/escape.ts";

/** What lies on the host is not ours to change: a person must look. */
export function hostFilesConflict(message: string, hint: string): HoldfastError {
  return new HoldfastError("HOST_FILES", message, { retry: "operator", hint });
}

/**
 * A file-system call that failed.
 *
 * @param what `write "/srv/app/compose.yaml"`
 */
function hostFilesError(what: string, error: unknown): HoldfastError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new HoldfastError("HOST_FILES", `Cannot ${what}: ${message}`, {
    retry: full ? "backoff" : "operator",
    hint: hintFor(code),
    cause: error,
  });
}

/** The unit lets the service write to this folder, and to none above it. */
export function goneCheckout(root: string, cause: NodeJS.ErrnoException): HoldfastError {
  const found = `Cannot find the checkout folder "${root}", and cannot make it (${cause.code})`;
  return new HoldfastError("HOST_FILES", found, {
    retry: "operator",
    hint: `mount what belongs there, or have it made: sudo holdfast install (it makes the folder and starts the ` +
      `service anew, with containers left as they are); or correct "checkout" in agent.yaml`,
    cause,
  });
}

function hintFor(code: string): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "free space on its file system";
    case "EROFS": // the unit's ProtectSystem=strict
      return "the service may write only to the folders of agent.yaml, as they were when it started: after one has " +
        "moved or was made anew run: sudo holdfast install";
    default:
      return "look at the folder's owner, mode and mount; the next pass tries again";
  }
}

/** Runs one file-system call; what it throws names what was being done. */
export async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isFromSystem(error) ? hostFilesError(what, error) : error;
  }
}

/** Not an error of ours, nor the reason of a signal. */
function isFromSystem(error: unknown): boolean {
  const { code, name } = error as NodeJS.ErrnoException;
  return !(error instanceof HoldfastError) && typeof code === "string" && name !== "AbortError";
}

/** The first of many names, quoted, for one line. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quoteText).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
