import type { Verdict } from "../policy/policy.ts";
import type { Deployment } from "./deployment.ts";
import { OpenedBundle, openKeys } from "./open-keys.ts";
import { judge, type PreparedRevision, prepareRevision } from "./prepare.ts";

/** How many prepared revisions are kept: the applied one and the tip. */
const kept = 2;
/** How long verdicts are good for: certificates and waivers end with time. */
const verdictMs = 3_600_000;

/**
 * Prepared revisions of one deployment, so that a quiet pass reads, opens and loads nothing: reused while commit and
 * passphrase are the same.
 */
export class Revisions {
  readonly #prepared = new Map<string, PreparedRevision>();
  readonly #opened = new OpenedBundle();
  readonly #verdicts = new WeakMap<PreparedRevision, { readonly at: number; readonly verdicts: readonly Verdict[] }>();

  /** @throws HoldfastError as `prepareRevision` */
  async prepare(deployment: Deployment, commit: string, signal: AbortSignal): Promise<PreparedRevision> {
    const key = `${commit} ${await deployment.ports.keyring.fingerprint(signal)}`;
    const ports = { ...deployment.ports, opened: this.#opened };
    const prepared = this.#prepared.get(key) ??
      await prepareRevision(deployment, { commit, open: (request) => openKeys(request, ports, signal) }, signal);
    this.#keep(key, prepared);
    return prepared;
  }

  /** Makes a revision known that was prepared without its bundle. */
  keep(prepared: PreparedRevision): void {
    this.#keep(`${prepared.revision.commit} placed`, prepared);
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

  judge(prepared: PreparedRevision, now: Date): readonly Verdict[] {
    const known = this.#verdicts.get(prepared);
    if (known && now.getTime() - known.at < verdictMs) return known.verdicts;
    const verdicts = judge(prepared, now);
    this.#verdicts.set(prepared, { at: now.getTime(), verdicts });
    return verdicts;
  }
}
