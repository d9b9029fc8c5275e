import { HoldfastError } from "../../model/error.ts";
import type { Tip } from "../../ports/source.ts";
import { isObjectId } from "./objects.ts";
import type { GitRemote, RemoteRef } from "./remote.ts";
import { quoteText } from "./text.ts";

const shownNames = 5;

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
    throw refError(`${quoteText(ref)} is no name of a ref`, "give a branch, a tag, or a commit's 40 hex digits");
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
export function isRefName(name: string): boolean {
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
  const names = refs.map((one) => one.name.replace(/^refs\/(heads|tags)\//, ""));
  const nearest = nearestNames(ref.replace(/^refs\/[^/]+\//, ""), names).map((name) => quoteText(name)).join(", ");
  if (ref === "HEAD") {
    return refError(
      `HEAD of ${remote.shown} points to no commit`,
      `set \`ref\` to one of its branches, such as ${nearest}`,
    );
  }
  return refError(
    `${remote.shown} has no branch or tag ${quoteText(ref)}`,
    `push it, or correct \`ref\`; the nearest names are ${nearest}`,
  );
}

function refError(found: string, hint: string): HoldfastError {
  return new HoldfastError("SOURCE_REF", `Cannot resolve the ref: ${found}`, { retry: "next-revision", hint });
}

/** The names that the fewest edits separate from `wanted`, nearest first. */
function nearestNames(wanted: string, names: readonly string[]): string[] {
  const scored = [...new Set(names)].slice(0, 2000).map((name) => ({
    name,
    distance: editDistance(wanted, name.slice(0, 100)),
  }));
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored.slice(0, shownNames).map(({ name }) => name);
}

/** Insertions, removals and replacements of one character. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
