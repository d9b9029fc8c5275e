import type { DesiredService, DesiredState } from "../model/desired.ts";
import { HoldfastError } from "../model/error.ts";
import { describeExit, exitHint, logHint } from "../model/exit.ts";
import type { HealthFailure } from "../model/health.ts";
import type { ContainerState, ObservedContainer } from "../model/observed.ts";
import { projectContainers, slotLabel, slotsOf } from "../plan/slots.ts";
import type { Engine } from "../ports/engine.ts";
import { type Mask, readLogTail } from "./log-tails.ts";

/** Who is ended more often than this while a verification goes on is in trouble, whoever ends it. */
const mostMends = 3;

/** What a verification says of the containers that it watches. */
export interface Watching {
  readonly desired: DesiredState;
  /** Resources on which this pass has worked: what becomes of the others is not the revision's doing. */
  readonly touched?: ReadonlySet<string>;
  /** Absent: nothing is brought back. */
  readonly mend?: unknown;
}

/** One container that must run, with when it was first seen so. */
export interface Watched {
  readonly resource: string;
  /** The same with the number of its replica, as steps name it. */
  readonly label: string;
  readonly service: DesiredService;
  readonly id: string;
  /** How often it may still be brought back. */
  readonly mendsLeft: number;
  /** Whether this pass has worked on it. */
  readonly isTouched: boolean;
  /** Restarts are counted from here. */
  readonly first: ContainerState;
  /** Its start as last seen, and since when (monotonic). */
  startedAt: string;
  sinceMs: number;
}

export type Judgement =
  | { readonly kind: "passed" }
  | Trouble;

export interface Trouble {
  readonly kind: "pending" | "failed";
  /** Of its container; "" where there is none. */
  readonly id: string;
  readonly failure: HealthFailure;
  readonly restarts: number;
}

/** The failures with the end of their containers' logs: going back from a revision removes those. */
export async function withLastWords(
  troubles: readonly Trouble[],
  { engine, mask }: { readonly engine: Engine; readonly mask: Mask },
  signal: AbortSignal,
): Promise<HealthFailure[]> {
  return await Promise.all(troubles.map(async ({ id, failure }) => {
    const told = { ...failure, message: mask(failure.message) };
    if (id === "") return told;
    const log = await readLogTail(engine, { id, mask }, signal);
    return { ...told, hint: logHint(log.lines) ?? told.hint, log };
  }));
}

export function watchedContainers(
  { desired, touched, mend }: Watching,
  containers: readonly ObservedContainer[],
): Watched[] {
  const own = projectContainers(containers, desired.project);
  return [...desired.services.values()].filter((service) => service.desired === "running").flatMap((service) =>
    slotsOf(service, own).map((slot) => {
      const container = slot.candidates.find((candidate) => candidate.name === slot.name);
      const state = container?.state ?? goneState;
      const label = `service/${slotLabel(service, slot.number)}`;
      return {
        resource: `service/${service.key}`,
        label,
        mendsLeft: mend ? mostMends : 0,
        isTouched: touched?.has(label) ?? true,
        service,
        id: container?.id ?? "",
        first: state,
        startedAt: "",
        sinceMs: Infinity,
      };
    })
  );
}

interface Mending {
  readonly before: readonly Watched[];
  readonly down: readonly Watched[];
  readonly isDone: boolean;
}

/** The containers after a correction, each with what it had left; where nothing helped, nothing is tried again. */
export function watchedAgain(
  { before, down, isDone }: Mending,
  verification: Watching,
  containers: readonly ObservedContainer[],
): Watched[] {
  const left = (known: Watched): number => !down.includes(known) ? known.mendsLeft : isDone ? known.mendsLeft - 1 : 0;
  if (!isDone) return before.map((known) => ({ ...known, mendsLeft: left(known) }));
  return watchedContainers(verification, containers).map((one) => {
    const known = before.find(({ label }) => label === one.label);
    if (!known) return one;
    return known.id === one.id && !down.includes(known) ? { ...known } : { ...one, mendsLeft: left(known) };
  });
}

/**
 * Whether a container that does not run may be brought back: its end says nothing about the revision. Of those that the
 * pass worked on, one that ended by itself does.
 */
export function isMendable({ isTouched, mendsLeft, service }: Watched, state: ContainerState): boolean {
  if (mendsLeft <= 0) return false;
  if (state === goneState || state.status === "paused") return true;
  if (state.status !== "exited") return false;
  return !isTouched || wasEnded(state, service);
}

/**
 * Somebody ended it: the Engine does not restart what its API stopped or killed, and restarts everything else that it is
 * to; without a policy, only a signal from outside tells.
 */
function wasEnded({ exitCode, oomKilled, restartCount }: ContainerState, { spec }: DesiredService): boolean {
  const { name, maximumRetries = 0 } = spec.restart;
  if (name === "always" || name === "unless-stopped") return true;
  if (name === "on-failure" && exitCode !== 0) return maximumRetries === 0 || restartCount < maximumRetries;
  return (exitCode === 137 || exitCode === 143) && !oomKilled;
}

export async function look(container: Watched, engine: Engine, signal: AbortSignal): Promise<ContainerState> {
  if (container.id === "") return goneState;
  try {
    return await engine.inspectState(container.id, signal);
  } catch (thrown) {
    if (thrown instanceof HoldfastError && thrown.code === "ENGINE_GONE") return goneState; // removed meanwhile
    throw thrown;
  }
}

interface Moment {
  readonly now: Date;
  readonly nowMs: number;
  readonly runningMs: number;
}

export function judge(watched: Watched, state: ContainerState, { now, nowMs, runningMs }: Moment): Judgement {
  const count = state.restartCount - watched.first.restartCount;
  const failed = (kind: "pending" | "failed", message: string): Judgement => ({
    kind,
    id: state === goneState ? "" : watched.id,
    restarts: state.restartCount,
    failure: {
      resource: watched.resource,
      message,
      hint: state === goneState ? "the next pass makes it again" : hintFor(state),
    },
  });
  if (state === goneState) return failed("failed", "its container is gone");
  const restarts = watched.service.spec.restart.name;
  if (state.status === "exited" || state.status === "dead") {
    if (state.exitCode === 0 && (restarts === "no" || restarts === "on-failure")) return { kind: "passed" };
    return failed(restarts === "no" ? "failed" : "pending", describeExit(state));
  }
  if (state.status === "restarting") return failed("pending", `restarts again and again: it ${describeExit(state)}`);
  if (state.status !== "running") return failed("pending", `is ${state.status}`);
  if (watched.startedAt !== state.startedAt) {
    watched.startedAt = state.startedAt;
    watched.sinceMs = nowMs - Math.max(0, now.getTime() - Date.parse(state.startedAt));
  }
  if (state.health === "unhealthy") return failed("pending", "its health check fails");
  if (state.health === "starting") return failed("pending", "its health check has not passed yet");
  if (nowMs - watched.sinceMs < runningMs) {
    const restarted = count > 0 ? `, restarted ${count} times` : "";
    return failed("pending", `has not run for ${Math.round(runningMs / 1000)} s yet${restarted}`);
  }
  return { kind: "passed" };
}

function hintFor(state: ContainerState): string {
  const ended = state.status === "exited" || state.status === "dead" || state.status === "restarting";
  return (ended ? exitHint(state) : undefined) ?? "its last words tell more; mend what they name and push";
}

const goneState: ContainerState = {
  status: "dead",
  health: "none",
  exitCode: 0,
  oomKilled: false,
  error: "",
  startedAt: "",
  finishedAt: "",
  restartCount: 0,
};
