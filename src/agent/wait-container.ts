import { HoldfastError } from "../model/error.ts";
import { describeExit, exitHint } from "../model/exit.ts";
import type { ContainerState } from "../model/observed.ts";
import type { Step } from "../plan/step.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";

/** How often a container that is waited for is looked at. */
const pollMs = 250;

interface Waiting {
  readonly step: Extract<Step, { kind: "container.wait" }>;
  readonly engine: Engine;
  readonly clock: Clock;
}

/**
 * Waits until a container is healthy, or has completed with 0.
 *
 * @throws HoldfastError `CONTAINER_FAILED` when it cannot become so any more, `STEP_TIMEOUT` when it takes too long
 */
export async function waitForContainer(
  id: string,
  { step, engine, clock }: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const endMs = clock.monotonicMs() + step.timeoutSeconds * 1000;
  for (;;) {
    const state = await engine.inspectState(id, signal);
    if (isReached(state, step)) return;
    const failure = failureOf(state, step);
    if (failure) {
      throw new HoldfastError("CONTAINER_FAILED", `Cannot wait for ${step.resource} to be ${step.until}: ${failure}`, {
        retry: "next-revision",
        hint: exitHint(state) ?? "its last words are in the report and the journal; mend what they name and push",
      });
    }
    if (clock.monotonicMs() >= endMs) {
      throw new HoldfastError(
        "STEP_TIMEOUT",
        `Cannot wait longer for ${step.resource}: not ${step.until} after ${step.timeoutSeconds} s`,
        {
          retry: "next-revision",
          hint: 'see its last words below, or raise "verify.timeout"',
        },
      );
    }
    await clock.sleep(pollMs, signal);
  }
}

function isReached(state: ContainerState, { until }: Waiting["step"]): boolean {
  return until === "healthy"
    ? state.status === "running" && state.health === "healthy"
    : state.status === "exited" && state.exitCode === 0;
}

/** What makes the condition unreachable; undefined while it may still come true. */
function failureOf(state: ContainerState, { until }: Waiting["step"]): string | undefined {
  if (until === "healthy" && state.status === "running" && state.health === "none") return "it has no health check";
  if (until === "healthy" && state.health === "unhealthy") return "it is unhealthy";
  if (state.status === "dead" || state.status === "exited") return `it ${describeExit(state)}`;
  return undefined;
}
