import { HoldfastError } from "../../model/error.ts";
import type { Revision } from "../../model/revision.ts";
import type { Source, Tip } from "../../ports/source.ts";
import { commitStore, type PackInspector } from "./commit-store.ts";
import { withDeadline } from "./deadline.ts";
import { type HttpCredentials, httpRemote } from "./http-remote.ts";
import { defaultLimits, defaultTimeouts, type GitLimits, type GitTimeouts } from "./limits.ts";
import { isObjectId } from "./objects.ts";
import { resolveRef } from "./refs.ts";
import type { GitRemote } from "./remote.ts";
import { parseRepository } from "./repository.ts";
import { quoteShort } from "./text.ts";

export interface GitSourceOptions {
  /** http://, https://, file://, or an absolute path. */
  readonly repository: string;
  /** Branch, tag, full ref name, or a commit's 40 hex digits; default the remote's HEAD. */
  readonly ref?: string;
  /** Absolute; this source's own, made on first use. Sources that share one must agree on what to prune. */
  readonly storeFolder: string;
  readonly credentials?: HttpCredentials;
  readonly limits?: Partial<GitLimits>;
  readonly timeouts?: Partial<GitTimeouts>;
  /** Unpacks what was fetched, elsewhere than in this thread. */
  readonly inspect?: PackInspector;
}

/**
 * Revisions from a git repository, each call a single attempt: backing off is the caller's. A bad address is told by the
 * first call, not here, so that one deployment's mistake does not keep the others from starting.
 */
export function gitSource(options: GitSourceOptions): Source {
  const limits = { ...defaultLimits, ...options.limits };
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const store = commitStore(options.storeFolder, limits, options.inspect);
  const ref = options.ref ?? "HEAD";
  let remote: GitRemote | undefined;
  let swept = false;
  /** The last commit that this process has checked: its folder need not be read again. */
  let checked: Revision | undefined;
  /** The last commit that can never be used: it need not be fetched again to say so. */
  let refused: { readonly commit: string; readonly error: HoldfastError } | undefined;

  const openRemote = async () => remote ??= await remoteFor(options, { limits, timeouts });
  const limited = <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>) =>
    withDeadline({ ms: timeouts.totalMs, shown: shownRepository(options.repository), signal }, work);

  async function receive(tip: Tip, signal: AbortSignal): Promise<Revision> {
    if (refused?.commit === tip.commit) throw refused.error;
    try {
      return await store.receive(tip, (await openRemote()).fetchPack(tip.commit, signal), signal);
    } catch (error) {
      if (error instanceof HoldfastError && error.retry === "next-revision") refused = { commit: tip.commit, error };
      throw error;
    }
  }

  return {
    resolve: (signal) => limited(signal, async (signal) => await resolveRef(await openRemote(), ref, signal)),

    fetch: (tip, signal) =>
      limited(signal, async (signal) => {
        refuseBadId(tip.commit);
        if (!swept) await store.sweep();
        swept = true;
        if (checked?.commit === tip.commit && checked.ref === tip.ref && await store.has(tip.commit)) return checked;
        const stored = await store.check(tip.commit, signal);
        if (stored === undefined || stored === "damaged") return checked = await receive(tip, signal);
        if (stored.ref !== tip.ref) await store.setRef(tip);
        return checked = { ...stored, ref: tip.ref };
      }),

    read: (commit, signal) =>
      limited(signal, async (signal) => {
        refuseBadId(commit);
        const stored = await store.load(commit, signal);
        if (stored === undefined || stored === "damaged") throw notStored(commit, stored);
        return stored;
      }),

    async prune(keep) {
      await store.sweep();
      await store.prune(keep);
    },
  };
}

async function remoteFor(
  options: GitSourceOptions,
  { limits, timeouts }: { limits: GitLimits; timeouts: GitTimeouts },
): Promise<GitRemote> {
  const repository = parseRepository(options.repository);
  switch (repository.kind) {
    case "http":
      return httpRemote({
        ...repository,
        timeouts,
        maxPackBytes: limits.maxPackBytes,
        credentials: options.credentials,
      });
    case "folder": {
      const { localRemote } = await import("./local-remote.ts");
      return localRemote({ ...repository, limits });
    }
  }
}

function shownRepository(text: string): string {
  try {
    return parseRepository(text).shown;
  } catch {
    return "the repository";
  }
}

function refuseBadId(commit: string): void {
  if (isObjectId(commit)) return;
  throw new HoldfastError("SOURCE_REF", `Cannot use ${quoteShort(commit)} as a commit: needed 40 hex digits`, {
    retry: "operator",
    hint: "give the commit's full id, as `git rev-parse` prints it",
  });
}

function notStored(commit: string, found: "damaged" | undefined): HoldfastError {
  const what = found === "damaged" ? "its pack on the disk is damaged" : "it was not fetched, or was pruned";
  return new HoldfastError("SOURCE_NOT_FOUND", `Cannot read commit ${commit} from the object store: ${what}`, {
    retry: "backoff",
    hint: "it is fetched again while the ref points to it; else push it under the ref",
  });
}
