import type { Report } from "../report/report.ts";
import { asHoldfastError } from "../model/error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deployment } from "./deployment.ts";
import type { Passes } from "./passes.ts";
import { patientSource } from "./patient-source.ts";
import { Repeats } from "./repeats.ts";
import { runPass } from "./run-pass.ts";
import { Wake } from "./wake.ts";

/** What no event announces is found by then. */
const fullObservationMs = 600_000;
/** Events come in bursts: their pass waits for the burst to end. */
const settleMs = 300;
const firstBackoffMs = 1_000;
const longestBackoffMs = 300_000;

/** How others reach a loop. */
export interface LoopAccess {
  /** Rung by whoever wants a pass now. */
  readonly wake: Wake;
  /** Told of every pass; one that goes back from a failed revision belongs to the pass that failed. */
  readonly passes: Passes;
}

/**
 * Reconciles one deployment until the signal: every interval, whenever the Engine tells of a change, and after a
 * failure with growing pauses; what only a person or a commit can end is asked again at the interval.
 */
export async function runDeployment(
  given: Deployment,
  { wake, passes }: LoopAccess,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = given.ports;
  const source = patientSource(given.ports.source, { clock, intervalMs: given.config.intervalMs });
  const deployment = { ...given, ports: { ...given.ports, source } };
  const watch = new EngineWatch(deployment, wake, signal);
  let previous: Report | undefined;
  let failures = 0;
  let fullAtMs = 0;
  let goesBack = false;
  const repeats = new Repeats();
  while (!signal.aborted) {
    if (!goesBack) passes.begin();
    const isAsked = wake.takeRequest();
    if (isAsked) source.askAnew();
    const full = watch.takeGap() || isAsked || clock.monotonicMs() >= fullAtMs;
    if (full) fullAtMs = clock.monotonicMs() + fullObservationMs;
    const beganMs = clock.monotonicMs();
    const { report, again } = await runPass(
      deployment,
      {
        mode: deployment.config.mode,
        full,
        asked: isAsked,
        previous,
        logs: true,
        onBegin: (pass) => passes.follow(pass),
      },
      signal,
    );
    previous = report;
    if (report.plan) watch.start(report.plan.project);
    failures = hasFailed(report) ? failures + 1 : 0;
    goesBack = again;
    if (goesBack) continue;
    passes.end(report);
    const pauseMs = pauseAfter(report, { failures, intervalMs: deployment.config.intervalMs, clock });
    const repeated = repeats.note(report, { beganMs, endedMs: clock.monotonicMs() });
    if (repeated > 0 && failures === 0) {
      const undoneMs = Math.min(backoffMs(repeated, clock), deployment.config.intervalMs);
      repeats.paused(undoneMs);
      await wake.pause(undoneMs, clock, signal);
      continue;
    }
    if (hasStumbled(report)) {
      await wake.pause(pauseMs, clock, signal);
      continue;
    }
    await wake.wait(pauseMs, clock, signal);
    if (watch.hasNews) await clock.sleep(settleMs, signal);
  }
}

/** A pass that is worth trying again soon. */
function hasFailed(report: Report): boolean {
  return report.error !== undefined || hasStumbled(report);
}

/** Failed by what it did: its own steps and containers make events, which would wake the next pass at once. */
function hasStumbled({ outcomes, health }: Report): boolean {
  return health?.passed === false || outcomes.some((outcome) => outcome.result !== "done");
}

interface Pausing {
  /** How many passes in a row have failed. */
  readonly failures: number;
  readonly intervalMs: number;
  readonly clock: Clock;
}

/** Growing while passes fail; never below the interval where time mends nothing, nor below what others ask for. */
function pauseAfter({ error, outcomes }: Report, { failures, intervalMs, clock }: Pausing): number {
  if (failures === 0) return jitter(intervalMs, clock);
  const stepErrors = outcomes.flatMap((outcome) => outcome.error ?? []);
  const errors = [...error ? [error] : [], ...stepErrors];
  // What a step lacks may come back on the host (a path, a port); a login that is refused may not be tried on and on.
  const waitsForPeople = (error && error.retry !== "backoff") || stepErrors.some(({ retry }) => retry === "operator");
  const leastMs = Math.max(waitsForPeople ? intervalMs : 0, ...errors.map(({ retryAfterMs = 0 }) => retryAfterMs));
  return Math.max(Math.min(backoffMs(failures, clock), intervalMs * 10), leastMs);
}

function backoffMs(failures: number, clock: Clock): number {
  return jitter(Math.min(firstBackoffMs * 2 ** (failures - 1), longestBackoffMs), clock);
}

/** Up to a tenth more, so that many hosts do not ask at the same moment. */
function jitter(ms: number, clock: Clock): number {
  return ms * (1 + 0.1 * clock.random());
}

/** The Engine's events for one project. An event only means "look again". */
class EngineWatch {
  readonly #deployment: Deployment;
  readonly #wake: Wake;
  readonly #signal: AbortSignal;
  #project: string | undefined;
  #stop: AbortController | undefined;
  #gap = true;
  #news = false;

  constructor(deployment: Deployment, wake: Wake, signal: AbortSignal) {
    this.#deployment = deployment;
    this.#wake = wake;
    this.#signal = signal;
  }

  /** Whether events woke the loop since this was last asked. */
  get hasNews(): boolean {
    const news = this.#news;
    this.#news = false;
    return news;
  }

  /** Whether events may have been missed since this was last asked. */
  takeGap(): boolean {
    const gap = this.#gap;
    this.#gap = false;
    return gap;
  }

  start(project: string): void {
    if (this.#project === project) return;
    this.#stop?.abort();
    this.#project = project;
    this.#stop = new AbortController();
    this.#gap = true;
    const signal = AbortSignal.any([this.#signal, this.#stop.signal]);
    const { engine, log } = this.#deployment.ports;
    const look = (what: string): void => {
      log.write("debug", `engine: ${what}`, { deployment: this.#deployment.config.name, event: "engine" });
      this.#news = true;
      this.#wake.ring();
    };
    engine.watch(project, look, signal).catch((thrown: unknown) => {
      if (signal.aborted) return;
      this.#project = undefined; // the next pass starts it again
      this.#gap = true;
      log.write("warning", asHoldfastError(thrown).message, {
        deployment: this.#deployment.config.name,
        event: "engine",
      });
    });
  }
}
