import type { HoldfastError } from "../model/error.ts";
import { asHoldfastError } from "../model/error.ts";
import type { KeyFile } from "../model/keys.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Deployment } from "./deployment.ts";
import { OpenedBundle, openedKeys, openKeys } from "./open-keys.ts";
import { judge, type PreparedRevision, prepareRevision } from "./prepare.ts";

/** How many prepared revisions are kept: the applied one and the tip. */
const kept = 2;
/** How long verdicts are good for: certificates and waivers end with time. */
const verdictMs = 3_600_000;

/** A prepared revision, with what the policies say of it now. */
export interface JudgedRevision {
  readonly prepared: PreparedRevision;
  readonly verdicts: readonly Verdict[];
}

/** What is to be loaded. */
export interface Wanted {
  readonly commit: string;
  /** Instead of those in its bundle. */
  readonly placedKeys?: readonly KeyFile[];
}

/** Reads, opens, loads and judges one commit. */
export type RevisionLoader = (deployment: Deployment, wanted: Wanted, signal: AbortSignal) => Promise<JudgedRevision>;

/**
 * Prepared revisions of one deployment, so that a quiet pass reads, opens and loads nothing: reused while commit and
 * passphrase are the same.
 */
export class Revisions {
  readonly #load: RevisionLoader;
  readonly #prepared = new Map<string, PreparedRevision>();
  readonly #verdicts = new WeakMap<PreparedRevision, { readonly at: number; readonly verdicts: readonly Verdict[] }>();
  /** The last one that took too much: that is not tried again until git moves. */
  #refused: { readonly key: string; readonly error: HoldfastError } | undefined;

  constructor(load: RevisionLoader = loaderHere()) {
    this.#load = load;
  }

  /** @throws HoldfastError as `prepareRevision` */
  async prepare(deployment: Deployment, commit: string, signal: AbortSignal): Promise<PreparedRevision> {
    const key = `${commit} ${await deployment.ports.keyring.fingerprint(signal)}`;
    if (this.#refused?.key === key) throw this.#refused.error;
    const prepared = this.#prepared.get(key) ?? await this.#loadOnce(deployment, { commit, key }, signal);
    this.#keep(key, prepared);
    return prepared;
  }

  /** With the keys that an earlier process placed, for a bundle that cannot be opened. */
  async prepareWith(
    keys: readonly KeyFile[],
    { deployment, commit }: { readonly deployment: Deployment; readonly commit: string },
    signal: AbortSignal,
  ): Promise<PreparedRevision> {
    return this.#take(await this.#load(deployment, { commit, placedKeys: keys }, signal), deployment);
  }

  /** Makes a revision known that was prepared without its bundle. */
  keep(prepared: PreparedRevision): void {
    this.#keep(`${prepared.revision.commit} placed`, prepared);
  }

  async #loadOnce(
    deployment: Deployment,
    { commit, key }: { readonly commit: string; readonly key: string },
    signal: AbortSignal,
  ): Promise<PreparedRevision> {
    try {
      return this.#take(await this.#load(deployment, { commit }, signal), deployment);
    } catch (thrown) {
      const error = asHoldfastError(thrown);
      if (error.code === "REVISION_INVALID") this.#refused = { key, error };
      throw thrown;
    }
  }

  #take({ prepared, verdicts }: JudgedRevision, { ports }: Deployment): PreparedRevision {
    this.#verdicts.set(prepared, { at: ports.clock.now().getTime(), verdicts });
    return prepared;
  }

  #keep(key: string, prepared: PreparedRevision): void {
    this.#prepared.delete(key); // the newest is last
    this.#prepared.set(key, prepared);
    const oldest = this.#prepared.keys().next().value;
    if (this.#prepared.size > kept && oldest !== undefined) this.#prepared.delete(oldest);
  }

  /** A revision that this process prepared before, whatever opened its bundle. */
  known(commit: string): PreparedRevision | undefined {
    return [...this.#prepared.values()].findLast(({ revision }) => revision.commit === commit);
  }

  /** What the policies say of a revision that was prepared here: loaded and judged again when that is long ago. */
  async judge(deployment: Deployment, prepared: PreparedRevision, signal: AbortSignal): Promise<readonly Verdict[]> {
    const now = deployment.ports.clock.now().getTime();
    const known = this.#verdicts.get(prepared);
    if (known && now - known.at < verdictMs) return known.verdicts;
    const { verdicts } = await this.#load(deployment, { commit: prepared.revision.commit }, signal);
    this.#verdicts.set(prepared, { at: now, verdicts });
    return verdicts;
  }
}

/** Loads in this very thread. A commit that leaves the bundle alone does not open it again. */
function loaderHere(): RevisionLoader {
  const opened = new OpenedBundle();
  return async (deployment, { commit, placedKeys }, signal) => {
    const prepared = await prepareRevision(deployment, {
      commit,
      open: (request) =>
        placedKeys
          ? Promise.resolve(openedKeys(placedKeys, request))
          : openKeys(request, { ...deployment.ports, opened }, signal),
    }, signal);
    return { prepared, verdicts: judge(prepared, deployment.ports.clock.now()) };
  };
}
