import type { Manifest } from "../config/manifest.ts";
import type { DesiredService, DesiredState } from "../model/desired.ts";
import { HoldfastError } from "../model/error.ts";
import { describeExit, exitHint, logHint } from "../model/exit.ts";
import type { PemFactsByPath } from "../model/certificates.ts";
import type { Health, HealthFailure } from "../model/health.ts";
import type { ContainerState, ObservedContainer } from "../model/observed.ts";
import { projectContainers, slotsOf } from "../plan/slots.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Probe } from "../ports/probe.ts";
import { type Mask, readLogTail } from "./log-tails.ts";
import { verifyHttp } from "./verify-http.ts";
import { verifyPorts } from "./verify-ports.ts";

/** How often containers that have not run long enough are looked at. */
const pollMs = 500;
/** A container that waits for another may fall over a few times. */
const hopelessRestarts = 4;

export interface Verification {
  readonly desired: DesiredState;
  readonly verify: Manifest["verify"];
  /** Certificates of the opened bundle. */
  readonly keyPems: PemFactsByPath;
  /** As they are after the steps. */
  readonly containers: readonly ObservedContainer[];
  /** Takes secrets out of what containers and Engine say. */
  readonly mask: Mask;
}

interface VerifyPorts {
  readonly engine: Engine;
  readonly probe: Probe;
  readonly clock: Clock;
}

/** What a verification came to, and the containers as it saw them last. */
export interface Verified {
  readonly health: Health;
  readonly containers: readonly ObservedContainer[];
}

/**
 * Whether the deployment does what it is there for: every container has run for `verify.running` without a restart (or
 * has completed), health checks pass, and the ports answer. Takes at most `verify.timeout`.
 */
export async function verifyDeployment(
  verification: Verification,
  ports: VerifyPorts,
  signal: AbortSignal,
): Promise<Verified> {
  const { desired, verify } = verification;
  const endMs = ports.clock.monotonicMs() + verify.timeoutMs;
  const watched = watchedContainers(verification);
  let looks = watched.map(({ first }) => first); // the snapshot has just been taken: it is the first look
  for (;;) {
    const nowMs = ports.clock.monotonicMs();
    const moment = { now: ports.clock.now(), nowMs, runningMs: verify.runningMs };
    const judged = looks.map((state, index) => judge(watched[index]!, state, moment));
    const pending = judged.flatMap((result) => result.kind === "pending" ? [result] : []);
    // Whoever is left and keeps falling over waits for nobody any more: all others run.
    const isHopeless = pending.length > 0 && pending.every((result) => result.restarts >= hopelessRestarts);
    const isOver = nowMs >= endMs || isHopeless || judged.some((result) => result.kind === "failed");
    if (!isOver && pending.length > 0) {
      await ports.clock.sleep(pollMs, signal);
      looks = await Promise.all(watched.map((container) => look(container, ports.engine, signal)));
      continue;
    }
    const failed = judged.flatMap((result) => result.kind === "failed" ? [result] : []);
    // One that failed ends the verification: those that were not through yet are to blame for nothing.
    const failures = await withLastWords(failed.length > 0 ? failed : pending, { ...verification, ...ports }, signal);
    const healthy = failures.length === 0;
    const open = healthy
      ? await verifyPorts({ ...ports, desired, verify, endMs }, signal)
      : { ports: [], unasked: [], failures: [] };
    const web = healthy
      ? await verifyHttp({ ...ports, checks: verify.http, keyPems: verification.keyPems, endMs }, signal)
      : { http: [], failures: [] };
    const all = [...failures, ...open.failures, ...web.failures];
    const health = {
      healthy,
      passed: all.length === 0,
      running: judged.filter((result) => result.kind === "passed").length,
      runningSeconds: Math.round(verify.runningMs / 1000),
      ports: open.ports,
      ...(open.unasked.length > 0 ? { unasked: open.unasked } : {}),
      http: web.http,
      failures: all,
    };
    const states = new Map(watched.map(({ id }, index) => [id, looks[index]!]));
    const containers = verification.containers.map((seen) => ({ ...seen, state: states.get(seen.id) ?? seen.state }));
    return { health, containers };
  }
}

/** One container that must run, with when it was first seen so. */
interface Watched {
  readonly resource: string;
  readonly service: DesiredService;
  readonly id: string;
  /** Restarts are counted from here. */
  readonly first: ContainerState;
  /** Its start as last seen, and since when (monotonic). */
  startedAt: string;
  sinceMs: number;
}

type Judgement =
  | { readonly kind: "passed" }
  | Trouble;

interface Trouble {
  readonly kind: "pending" | "failed";
  /** Of its container; "" where there is none. */
  readonly id: string;
  readonly failure: HealthFailure;
  readonly restarts: number;
}

/** The failures with the end of their containers' logs: going back from a revision removes those. */
async function withLastWords(
  troubles: readonly Trouble[],
  { engine, mask }: Pick<Verification, "mask"> & Pick<VerifyPorts, "engine">,
  signal: AbortSignal,
): Promise<HealthFailure[]> {
  return await Promise.all(troubles.map(async ({ id, failure }) => {
    const told = { ...failure, message: mask(failure.message) };
    if (id === "") return told;
    const log = await readLogTail(engine, { id, mask }, signal);
    return { ...told, hint: logHint(log.lines) ?? told.hint, log };
  }));
}

function watchedContainers({ desired, containers }: Verification): Watched[] {
  const own = projectContainers(containers, desired.project);
  return [...desired.services.values()].filter((service) => service.desired === "running").flatMap((service) =>
    slotsOf(service, own).map((slot) => {
      const container = slot.candidates.find((candidate) => candidate.name === slot.name);
      const state = container?.state ?? goneState;
      return {
        resource: `service/${service.key}`,
        service,
        id: container?.id ?? "",
        first: state,
        startedAt: "",
        sinceMs: Infinity,
      };
    })
  );
}

async function look(container: Watched, engine: Engine, signal: AbortSignal): Promise<ContainerState> {
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

function judge(watched: Watched, state: ContainerState, { now, nowMs, runningMs }: Moment): Judgement {
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
