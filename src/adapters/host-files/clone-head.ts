import { readFile } from "node:fs/promises";
import { join } from "node:path";

const commitPattern = /^[0-9a-f]{40}$/;

/**
 * The commit that a clone's own `.git` has checked out, from its files alone.
 *
 * @param folder its work tree
 * @returns undefined when it is no clone, or one of another form (a linked work tree, the reftable format)
 */
export async function cloneHead(folder: string): Promise<string | undefined> {
  const head = await readGitFile(folder, "HEAD");
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (ref === undefined) return asCommit(head);
  if (ref.split("/").includes("..")) return undefined;
  return asCommit(await readGitFile(folder, ref)) ?? packedRef(await readGitFile(folder, "packed-refs"), ref);
}

function packedRef(text: string, ref: string): string | undefined {
  const line = text.split("\n").find((each) => each.endsWith(` ${ref}`));
  return asCommit(line?.split(" ")[0] ?? "");
}

function asCommit(text: string): string | undefined {
  return commitPattern.test(text) ? text : undefined;
}

/** Without its last line end; "" when it cannot be read: who asks only wants to tell. */
async function readGitFile(folder: string, name: string): Promise<string> {
  return await readFile(join(folder, ".git", name), "utf8").then((text) => text.trimEnd(), () => "");
}
