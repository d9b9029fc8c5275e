import type { Report } from "../report/report.ts";

/** Corrections that follow each other faster than this are no accident of the host. */
const soonMs = 5_000;
/** How many of them in a row are taken for somebody's hands. */
const patience = 3;

interface Moments {
  /** Monotonic. */
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * Whether passes correct the same resource again and again, each right after the other: then somebody or something
 * undoes it at once (another tool, a container that rewrites its own file), and the passes' own events would wake the next.
 */
export class Repeats {
  readonly #corrected = new Map<string, { readonly count: number; readonly endedMs: number }>();
  #pausedMs = 0;

  /** @returns for how many passes in a row that has gone on beyond patience; 0: it does not */
  note({ plan, outcomes }: Pick<Report, "plan" | "outcomes">, { beganMs, endedMs }: Moments): number {
    const resources = outcomes.length === 0 ? [] : (plan?.differences ?? []).map(({ resource }) => resource);
    const soon = soonMs + this.#pausedMs;
    for (const [resource, { endedMs: before }] of this.#corrected) {
      if (beganMs - before > soon) this.#corrected.delete(resource);
    }
    const counts = [...new Set(resources)].map((resource) => {
      const count = (this.#corrected.get(resource)?.count ?? 0) + 1;
      this.#corrected.set(resource, { count, endedMs });
      return count;
    });
    this.#pausedMs = 0;
    return Math.max(0, ...counts.map((count) => count - patience));
  }

  /** How long the loop does not listen to events for it. */
  paused(ms: number): void {
    this.#pausedMs = ms;
  }
}
