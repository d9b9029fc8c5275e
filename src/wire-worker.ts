import { readFile } from "node:fs/promises";
import type { GitLimits } from "./adapters/git/limits.ts";
import { loadRevision } from "./adapters/git/load-revision.ts";
import { answerTasks } from "./adapters/worker/answer-tasks.ts";
import type { RevisionRequest, Secrets } from "./agent/isolated-revision.ts";
import type { Tip } from "./ports/source.ts";

// The program of worker threads: what is done to a repository's bytes, joined to its adapters.
answerTasks({
  async inspect({ pack, tip, limits }: { readonly pack: string; readonly tip: Tip; readonly limits: GitLimits }) {
    const { revision } = await loadRevision(await readFile(pack), { tip, limits }, new AbortController().signal);
    return { value: revision };
  },
  async prepare(request: RevisionRequest) {
    const [{ gitSource }, { openpgpKeyring }, { tarArchive }, { prepareIsolated }] = await Promise.all([
      import("./adapters/git/git-source.ts"),
      import("./adapters/openpgp/keyring.ts"),
      import("./adapters/tar/archive.ts"),
      import("./agent/isolated-revision.ts"),
    ]);
    const given = (bytes: Uint8Array | undefined) => bytes && (() => Promise.resolve(bytes));
    return await prepareIsolated(request, {
      source: gitSource({ repository: request.storeFolder, storeFolder: request.storeFolder }), // reads what is stored
      archive: tarArchive(),
      keyring: ({ passphrase, privateKey }: Secrets) =>
        openpgpKeyring({ passphrase: given(passphrase), privateKey: given(privateKey) }),
    });
  },
});
