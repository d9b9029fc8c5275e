import type { RevisionFiles } from "../../model/files.ts";
import type { Revision } from "../../model/revision.ts";
import type { Tip } from "../../ports/source.ts";
import { parseCommit } from "./commit.ts";
import { protocolError } from "./errors.ts";
import type { GitLimits } from "./limits.ts";
import { readPack } from "./pack.ts";
import { walkTree } from "./walk.ts";

export interface LoadedRevision {
  readonly revision: Revision;
  readonly files: RevisionFiles;
}

/**
 * A revision and its files from the bytes of a pack; everything is checked on the way.
 *
 * @throws HoldfastError `SOURCE_PROTOCOL` for a damaged or incomplete pack, `SOURCE_UNSAFE`, `SOURCE_LIMIT`, `SOURCE_REF`
 */
export async function loadRevision(
  pack: Uint8Array,
  { tip, limits }: { readonly tip: Tip; readonly limits: GitLimits },
  signal: AbortSignal,
): Promise<LoadedRevision> {
  const objects = await readPack(pack, limits, signal);
  const commit = objects.get(tip.commit);
  if (!commit) throw protocolError(`commit ${tip.commit}`, "it is not in the pack that came for it");
  const revision = parseCommit(commit, tip);
  return { revision, files: walkTree(objects, revision.tree, limits) };
}
