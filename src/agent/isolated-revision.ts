import type { Manifest } from "../config/manifest.ts";
import type { DesiredState } from "../model/desired.ts";
import type { DigestKey } from "../model/digest.ts";
import { HoldfastError } from "../model/error.ts";
import type { KeyFile } from "../model/keys.ts";
import { nearestPosition, type Position } from "../model/position.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Archive } from "../ports/archive.ts";
import type { Isolation } from "../ports/isolation.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { Source } from "../ports/source.ts";
import type { Deployment } from "./deployment.ts";
import { OpenedBundle, openedKeys, openKeys } from "./open-keys.ts";
import { judge, loadRevision, type PreparedRevision, type PreparingDeployment } from "./prepare.ts";
import type { RevisionLoader } from "./revisions.ts";

/** All that preparing a revision needs, as plain data. */
export interface RevisionRequest {
  readonly commit: string;
  readonly config: PreparingDeployment["config"];
  readonly digestKey: DigestKey;
  readonly defaultProject?: string;
  readonly folders: Deployment["ports"]["hostFiles"]["folders"];
  readonly guarded: PreparingDeployment["guarded"];
  /** The object store's. */
  readonly storeFolder: string;
  readonly keys: { readonly kind: "sealed"; readonly secrets: Secrets } | {
    readonly kind: "placed";
    readonly files: readonly KeyFile[];
  };
  readonly now: Date;
}

/** What a bundle is opened with; it goes from thread to thread in memory. */
export interface Secrets {
  readonly passphrase?: Uint8Array;
  readonly privateKey?: Uint8Array;
}

/** A prepared revision and its verdicts without their functions, which are made again from `places`. */
interface RevisionData extends Omit<PreparedRevision, "manifest" | "desired"> {
  readonly manifest: Omit<Manifest, "positionOf">;
  readonly desired: Omit<DesiredState, "positionOf">;
  /** Of the values of the model. */
  readonly places: ReadonlyMap<string, Position>;
  readonly verdicts: readonly Verdict[];
}

export interface IsolatedParts {
  readonly isolation: Isolation;
  readonly storeFolder: string;
  /** Reads them anew for each revision. */
  readonly secrets: () => Promise<Secrets>;
}

/** Prepares and judges revisions where they can do no harm. */
export function isolatedLoader({ isolation, storeFolder, secrets }: IsolatedParts): RevisionLoader {
  return async (deployment, { commit, placedKeys }, signal) => {
    const { config, digestKey, defaultProject, guarded, ports } = deployment;
    const request: RevisionRequest = {
      commit,
      config: { path: config.path, checkout: config.checkout },
      digestKey,
      defaultProject,
      guarded,
      folders: ports.hostFiles.folders,
      storeFolder,
      keys: placedKeys ? { kind: "placed", files: placedKeys } : { kind: "sealed", secrets: await secrets() },
      now: ports.clock.now(),
    };
    const task = { kind: "prepare", input: request, exceeded: (what: string) => tooMuch(commit, what) };
    const { places, verdicts, ...data } = await isolation.run(task, signal) as RevisionData;
    const { file } = data.manifest;
    const prepared: PreparedRevision = {
      ...data,
      manifest: { ...data.manifest, positionOf: () => ({ file, line: 1, column: 1 }) }, // its issues were told with theirs
      desired: { ...data.desired, positionOf: (path) => nearestPosition(places, path) },
    };
    return { prepared, verdicts };
  };
}

/** What stands behind a request on the other side. */
export interface RevisionPorts {
  readonly source: Pick<Source, "read">;
  readonly keyring: (secrets: Secrets) => Keyring;
  readonly archive: Archive;
}

/**
 * The other side of `isolatedLoader()`.
 *
 * @returns the data, and the buffers of the revision's files in it, which need no copy
 */
export async function prepareIsolated(
  request: RevisionRequest,
  { source, keyring, archive }: RevisionPorts,
): Promise<{ readonly value: unknown; readonly transfer: readonly ArrayBuffer[] }> {
  const { commit, keys, now, folders } = request;
  const never = new AbortController().signal; // whoever has enough ends the thread
  const deployment: PreparingDeployment = { ...request, ports: { source, hostFiles: { folders } } };
  const { prepared, places } = await loadRevision(deployment, {
    commit,
    open: (wanted) =>
      keys.kind === "placed"
        ? Promise.resolve(openedKeys(keys.files, wanted))
        : openKeys(wanted, { keyring: keyring(keys.secrets), archive, opened: new OpenedBundle() }, never),
  }, never);
  const verdicts = judge(prepared, now);
  const { positionOf: _, ...manifest } = prepared.manifest;
  const { positionOf: __, ...desired } = prepared.desired;
  const value: RevisionData = { ...prepared, manifest, desired, places: places(), verdicts };
  const buffers = new Set([...prepared.files.values()].map(({ bytes }) => bytes.buffer as ArrayBuffer));
  return { value, transfer: [...buffers] };
}

function tooMuch(commit: string, what: string): HoldfastError {
  return new HoldfastError("REVISION_INVALID", `Cannot load revision ${commit.slice(0, 7)}: it takes ${what}`, {
    retry: "next-revision",
    hint: "look at what the last commits added: large files, aliases, ranges, many services; take it out and push",
  });
}
