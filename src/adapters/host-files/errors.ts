import { HoldfastError } from "../../model/error.ts";

/** What went wrong with a path of the host, without any of its content. */
export function hostFilesError(
  action: string,
  found: string,
  more: { hint?: string; cause?: unknown } = {},
): HoldfastError {
  return new HoldfastError("HOST_FILES", `Cannot ${action}: ${found}`, {
    retry: "operator",
    hint: more.hint ?? "move it out of the way, or give the deployment another checkout",
    cause: more.cause,
  });
}

/** Runs file calls of one action; what the system refuses becomes an error that says so. */
export async function asHostFiles<Result>(action: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof HoldfastError || (thrown as Error).name === "AbortError") throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === undefined) throw thrown;
    const hint = code === "ENOSPC" || code === "EDQUOT"
      ? "free some space"
      : "make the folder one that holdfast may write";
    throw hostFilesError(action, message, { hint, cause: thrown });
  }
}
