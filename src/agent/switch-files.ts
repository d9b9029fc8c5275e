import { keyedDigest } from "../model/digest.ts";
import { asHoldfastError } from "../model/error.ts";
import type { EditedKey, PlacedFile, RevisionFiles } from "../model/files.ts";
import type { Ledger } from "../model/ledger.ts";
import type { FilesState } from "../plan/input.ts";
import type { Deployment } from "./deployment.ts";
import type { PreparedRevision } from "./prepare.ts";

/** How the checkout, the keys and the secrets on the host stand to a revision. */
export async function observeFiles(
  deployment: Deployment,
  prepared: PreparedRevision,
  signal: AbortSignal,
): Promise<FilesState> {
  const { hostFiles } = deployment.ports;
  const wantedKeys = new Map([...prepared.keys?.facts ?? []].map(([path, fact]) => [path, { ...fact, owner: fact }]));
  const wantedSecrets = new Map(
    prepared.desired.secretFiles.map((file) => [
      file.path,
      { digest: keyedDigest(deployment.digestKey, file.bytes), mode: file.mode, owner: file },
    ]),
  );
  return {
    edited: (await hostFiles.observe(prepared.files, signal)).map((file) => {
      const want = prepared.files.get(file.path);
      return want ? { ...file, want: `${want.mode} ${want.oid}` } : file;
    }),
    keys: prepared.keys ? differingFiles(wantedKeys, await hostFiles.observeKeys(prepared.keys.into, signal)) : [],
    secrets: differingFiles(wantedSecrets, await hostFiles.observeSecrets(signal)),
  };
}

/**
 * Puts the revision's files, keys and secrets in place. The ledger names both revisions while the checkout is between
 * them, so that a pass after a crash knows which files may be left over.
 */
export async function switchFiles(
  deployment: Deployment,
  { prepared, ledger }: { readonly prepared: PreparedRevision; readonly ledger: Ledger },
  signal: AbortSignal,
): Promise<void> {
  const { hostFiles, store } = deployment.ports;
  const { commit } = prepared.revision;
  const previous = await placedFiles(deployment, ledger.placed, signal);
  // First: once the ledger names the revision, whatever stands at its paths counts as holdfast's own.
  await hostFiles.check({ files: prepared.files, previous, keys: prepared.keys }, signal);
  const placed = [...new Set([...ledger.placed, commit])];
  await store.writeLedger({ ...ledger, placed });
  await hostFiles.placeCheckout(prepared.files, previous, signal);
  if (prepared.keys) await hostFiles.placeKeys(prepared.keys.files, prepared.keys.into, signal);
  await hostFiles.placeSecrets(prepared.desired.secretFiles, signal);
  await store.writeLedger({ ...ledger, placed: [commit] });
}

/** All files that earlier revisions may have left in the checkout, as far as the object store still knows them. */
async function placedFiles(
  deployment: Deployment,
  commits: readonly string[],
  signal: AbortSignal,
): Promise<RevisionFiles> {
  const files = new Map<string, NonNullable<ReturnType<RevisionFiles["get"]>>>();
  for (const commit of commits) {
    for (const [path, file] of await knownFiles(deployment, commit, signal)) files.set(path, file);
  }
  return files;
}

/** With the object store lost, what an earlier revision left behind stays: nothing is removed on a guess. */
async function knownFiles(deployment: Deployment, commit: string, signal: AbortSignal): Promise<RevisionFiles> {
  try {
    return (await deployment.ports.source.read(commit, signal)).files;
  } catch (thrown) {
    if (asHoldfastError(thrown).code === "SOURCE_NOT_FOUND") return new Map();
    throw thrown;
  }
}

type PlacedFiles = ReadonlyMap<string, PlacedFile>;

function differingFiles(want: PlacedFiles, have: PlacedFiles): EditedKey[] {
  const paths = [...new Set([...want.keys(), ...have.keys()])].filter((path) =>
    !isAsPlaced(want.get(path), have.get(path))
  );
  return paths.sort().map((path) => ({
    path,
    found: have.has(path) ? "edited" : "missing",
    want: want.get(path)?.digest,
  }));
}

function isAsPlaced(want: PlacedFile | undefined, have: PlacedFile | undefined): boolean {
  if (!want || !have || want.digest !== have.digest || want.mode !== have.mode) return false;
  return have.owner === undefined || (want.owner?.uid === have.owner.uid && want.owner.gid === have.owner.gid);
}
