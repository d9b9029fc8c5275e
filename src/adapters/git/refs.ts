import { HoldfastError } from "../../model/error.ts";
import { nearestWord } from "../../model/nearest.ts";
import type { Tip } from "../../ports/source.ts";
import { isObjectId } from "./objects.ts";
import type { GitRemote, RemoteRef } from "./remote.ts";
import { quoteShort } from "./text.ts";

const shownNames = 5;
const comparedNames = 2000;

/**
 * The commit that a ref points to now: one listing, none for a commit's own id. A short name is a branch, else a tag.
 * A missing ref costs a second listing, which tells the nearest names.
 *
 * @param ref branch, tag, full name, `HEAD`, or 40 hex digits
 * @throws HoldfastError `SOURCE_REF` when there is no such ref; whatever the remote throws
 */
export async function resolveRef(remote: GitRemote, ref: string, signal: AbortSignal): Promise<Tip> {
  if (isObjectId(ref)) return { commit: ref, ref };
  if (!isRefName(ref)) {
    throw refError(`${quoteShort(ref)} is no name of a ref`, "give a branch, a tag, or a commit's 40 hex digits");
  }
  const names = fullNames(ref);
  const refs = await remote.listRefs(names, signal);
  for (const name of names) {
    const found = refs.find((one) => one.name === name);
    if (found) return { commit: found.peeled ?? found.oid, ref: shownName(found) };
  }
  throw missingRef(ref, remote, await remote.listRefs(["refs/heads/", "refs/tags/"], signal));
}

/** What git allows as a ref's name, so that it can stand in a request as it is. */
function isRefName(name: string): boolean {
  if (name === "" || name === "@" || name.length > 500) return false;
  if (/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|[/.]$/u.test(name)) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock")) &&
    !name.startsWith("-");
}

function fullNames(ref: string): string[] {
  return ref === "HEAD" || ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
}

/** `HEAD` is told by the branch that it stands for. */
function shownName({ name, target }: RemoteRef): string {
  return target !== undefined && isRefName(target) ? target : name;
}

function missingRef(ref: string, remote: GitRemote, refs: readonly RemoteRef[]): HoldfastError {
  if (refs.length === 0) return refError(`repository ${remote.shown} is empty`, "push a first commit");
  const names = refs.map((one) => one.name.replace(/^refs\/(heads|tags)\//, "")).filter((name) => name.length <= 200);
  const some = names.slice(0, shownNames).map(quoteShort).join(", ") + (names.length > shownNames ? ", …" : "");
  if (ref === "HEAD") {
    return refError(`HEAD of ${remote.shown} points to no commit`, `set \`ref\` to one of its branches: ${some}`);
  }
  const nearest = nearestWord(ref.replace(/^refs\/[^/]+\//, ""), names.slice(0, comparedNames));
  return refError(
    `${remote.shown} has no branch or tag ${quoteShort(ref)}`,
    nearest ? `did you mean ${quoteShort(nearest)}? Correct \`ref\`` : `push it, or set \`ref\` to one of ${some}`,
  );
}

function refError(found: string, hint: string): HoldfastError {
  return new HoldfastError("SOURCE_REF", `Cannot resolve the ref: ${found}`, { retry: "next-revision", hint });
}
