import type { HoldfastError } from "../model/error.ts";
import type { Outcome } from "../plan/step.ts";
import type { Activity } from "./activity.ts";
import { type Report, reportError } from "../report/report.ts";
import type { RunningPass } from "../report/status.ts";
import type { Clock } from "../ports/clock.ts";

/** What a report says before the pass has found anything out. */
type Draft = Partial<Omit<Report, "deployment" | "mode" | "startedAt" | "durationMs">>;

export interface PassOptions {
  readonly deployment: string;
  readonly mode: "enforce" | "report";
  /** Inspect everything, whatever was seen before. */
  readonly full: boolean;
  /** By a person, who wants tried again what was given up. */
  readonly asked?: boolean;
  readonly clock: Clock;
  /** Told whenever the report has grown, so that the journal speaks while the pass goes on. */
  readonly onProgress?: (report: Report) => void;
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly activity: Activity;
}

/** One pass as it goes on: its options, and the report that grows with it. */
export class Pass {
  readonly mode: PassOptions["mode"];
  readonly full: boolean;
  readonly asked: boolean;
  /** What is under way, for a terminal. */
  readonly activity: Activity;
  readonly #options: PassOptions;
  readonly #startedAt: string;
  readonly #startedMs: number;
  #draft: Draft = {};
  /** Another pass is due at once: this one ended with a revision to go back from. */
  #again = false;

  constructor(options: PassOptions) {
    this.mode = options.mode;
    this.full = options.full;
    this.asked = options.asked ?? false;
    this.activity = options.activity;
    this.#options = options;
    this.#startedAt = options.clock.now().toISOString();
    this.#startedMs = options.clock.monotonicMs();
  }

  /** How far it is, for whoever asks meanwhile. */
  get running(): RunningPass {
    return {
      startedAt: this.#startedAt,
      revision: this.#draft.revision ?? this.#draft.tip,
      under: this.activity.under,
    };
  }

  get again(): boolean {
    return this.#again;
  }

  /** Adds what was found out, to be told when the picture is whole. */
  note(more: Draft): void {
    this.#draft = { ...this.#draft, ...more };
  }

  /** Adds what was found out or done, and lets it be told. */
  say(more: Draft): void {
    this.note(more);
    this.#options.onProgress?.(this.#report());
  }

  onOutcome(outcome: Outcome): void {
    this.activity.ended(outcome);
    this.#options.onOutcome?.(outcome);
  }

  report({ again, ...more }: Draft & { readonly again?: boolean }): Report {
    this.#draft = { ...this.#draft, ...more };
    this.#again = again ?? false;
    return this.#report();
  }

  /** The report of a pass that could not go on. */
  failed(error: HoldfastError): Report {
    return this.report({
      error: reportError(error),
      issues: [...new Set([...this.#draft.issues ?? [], ...error.issues])],
      converged: false,
    });
  }

  #report(): Report {
    const { deployment, mode, clock } = this.#options;
    return {
      deployment,
      mode,
      startedAt: this.#startedAt,
      durationMs: Math.round(clock.monotonicMs() - this.#startedMs),
      issues: [],
      verdicts: [],
      outcomes: [],
      converged: false,
      ...this.#draft,
    };
  }
}
