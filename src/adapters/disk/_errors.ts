import { HoldfastError } from "../../model/error.ts";
import { quoteText } from "../../model/escape.ts";

/** Runs calls that read a path; what the system refuses says which path it was. */
export async function reading<T>(path: string, call: () => Promise<T>): Promise<T> {
  return await attempt(
    call,
    (found, cause) =>
      new HoldfastError("SOURCE_NOT_FOUND", `Cannot read ${quoteText(path)}: ${found}`, {
        retry: "operator",
        hint: "correct the path, and let the user of this command read it",
        cause,
      }),
  );
}

/** Runs calls that write a path; what the system refuses says which path it was. */
export async function writing<T>(path: string, call: () => Promise<T>): Promise<T> {
  return await attempt(call, (found, cause) => cannotWrite(path, found, cause));
}

/** `HOST_FILES`: the place that a command was given to write to will not take it. */
export function cannotWrite(path: string, found: string, cause?: unknown): HoldfastError {
  return new HoldfastError("HOST_FILES", `Cannot write ${quoteText(path)}: ${found}`, {
    retry: "operator",
    hint: "name another --output, in a folder that exists and has room, and that the user of this command may write",
    cause,
  });
}

async function attempt<T>(
  call: () => Promise<T>,
  refused: (found: string, cause: unknown) => HoldfastError,
): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof HoldfastError) throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === undefined) throw thrown;
    throw refused(meaning[code] ?? message, thrown);
  }
}

const meaning: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "it is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  ENOSPC: "there is no room left",
  ELOOP: "it is a symbolic link",
};
