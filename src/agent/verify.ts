import type { Manifest } from "../config/manifest.ts";
import type { DesiredState } from "../model/desired.ts";
import type { PemFactsByPath } from "../model/certificates.ts";
import type { Health } from "../model/health.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Difference } from "../plan/plan.ts";
import type { Outcome } from "../plan/step.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Probe } from "../ports/probe.ts";
import type { Mask } from "./log-tails.ts";
import { verifyHttp } from "./verify-http.ts";
import { verifyPorts } from "./verify-ports.ts";
import {
  isMendable,
  judge,
  type Judgement,
  look,
  type Trouble,
  watchedAgain,
  watchedContainers,
  withLastWords,
} from "./watched-containers.ts";

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
  /** Resources on which this pass has worked: what becomes of the others is not the revision's doing. */
  readonly touched?: ReadonlySet<string>;
  /** Brings back what somebody ended meanwhile. @returns undefined where there was nothing to do, or it did not succeed */
  readonly mend?: (resources: ReadonlySet<string>, signal: AbortSignal) => Promise<Mended | undefined>;
  /** Whether a newer revision waits that may be applied: then this one need not be judged. */
  readonly isSuperseded?: (signal: AbortSignal) => Promise<boolean>;
}

/** What was corrected while the verification went on. */
export interface Mended {
  readonly differences: readonly Difference[];
  readonly outcomes: readonly Outcome[];
  /** As they are afterwards. */
  readonly containers: readonly ObservedContainer[];
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
  readonly mended: readonly Mended[];
}

/**
 * Whether the deployment does what it is there for: every container has run for `verify.running` without a restart (or
 * has completed), health checks pass, and the ports answer. Takes at most `verify.timeout`. It listens meanwhile: what
 * somebody stops, kills or removes is brought back and the verification goes on.
 */
export async function verifyDeployment(
  verification: Verification,
  ports: VerifyPorts,
  signal: AbortSignal,
): Promise<Verified> {
  const { verify, mend } = verification;
  let endMs = ports.clock.monotonicMs() + verify.timeoutMs;
  const mended: Mended[] = [];
  let containers = verification.containers;
  let watched = watchedContainers(verification, containers);
  let looks = watched.map(({ first }) => first); // the snapshot has just been taken: it is the first look
  for (;;) {
    const nowMs = ports.clock.monotonicMs();
    const moment = { now: ports.clock.now(), nowMs, runningMs: verify.runningMs };
    const judged = looks.map((state, index) => judge(watched[index]!, state, moment));
    const down = watched.filter((one, index) => judged[index]!.kind !== "passed" && isMendable(one, looks[index]!));
    const isLost = judged.some(({ kind }, index) => kind === "failed" && !down.includes(watched[index]!));
    if (mend && down.length > 0 && !isLost && nowMs < endMs) {
      const beganMs = ports.clock.monotonicMs();
      const done = await mend(new Set(down.map(({ label }) => label)), signal);
      endMs += ports.clock.monotonicMs() - beganMs; // what is spent elsewhere is not the revision's time
      if (done) {
        mended.push(done);
        containers = done.containers;
      }
      watched = watchedAgain({ before: watched, down, isDone: done !== undefined }, verification, containers);
      looks = await Promise.all(watched.map((container) => look(container, ports.engine, signal)));
      continue;
    }
    const { troubles, isFinal } = verdictOf(judged);
    const outside = troubles.length === 0 ? await askOutside(verification, { ...ports, endMs }, signal) : noAnswers;
    const isReached = troubles.length === 0 && outside.failures.length === 0;
    const askedMs = ports.clock.monotonicMs();
    const isSuperseded = !isReached && (await verification.isSuperseded?.(signal) ?? false);
    endMs += ports.clock.monotonicMs() - askedMs;
    if (!isFinal && !isReached && !isSuperseded && ports.clock.monotonicMs() < endMs) {
      if (troubles.length > 0) await ports.clock.sleep(pollMs, signal);
      looks = await Promise.all(watched.map((container) => look(container, ports.engine, signal)));
      continue;
    }
    const told = isSuperseded ? [] : await withLastWords(troubles, { ...verification, ...ports }, signal);
    const health = {
      healthy: troubles.length === 0,
      passed: isReached,
      running: judged.filter((result) => result.kind === "passed").length,
      runningSeconds: Math.round(verify.runningMs / 1000),
      ports: outside.ports,
      ...(outside.unasked ? { unasked: outside.unasked } : {}),
      http: outside.http,
      failures: isSuperseded ? [] : [...told, ...outside.failures],
      ...(isSuperseded ? { superseded: true as const } : {}),
    };
    const states = new Map(watched.map(({ id }, index) => [id, looks[index]!]));
    return {
      health,
      mended,
      containers: containers.map((one) => ({ ...one, state: states.get(one.id) ?? one.state })),
    };
  }
}

/** What speaks against the revision now, and whether time could still change that. */
function verdictOf(judged: readonly Judgement[]): { readonly troubles: readonly Trouble[]; readonly isFinal: boolean } {
  const failed = judged.flatMap((result) => result.kind === "failed" ? [result] : []);
  const pending = judged.flatMap((result) => result.kind === "pending" ? [result] : []);
  // Whoever is left and keeps falling over waits for nobody any more: all others run.
  const isHopeless = pending.length > 0 && pending.every((result) => result.restarts >= hopelessRestarts);
  // One that failed ends the verification: those that were not through yet are to blame for nothing.
  return { troubles: failed.length > 0 ? failed : pending, isFinal: failed.length > 0 || isHopeless };
}

/** What is asked from outside once all containers run. */
type Answers = Pick<Health, "ports" | "unasked" | "http" | "failures">;
const noAnswers: Answers = { ports: [], http: [], failures: [] };

/** For a short while: between two tries the containers are looked at again. */
async function askOutside(
  { desired, verify, keyPems }: Verification,
  { endMs, ...ports }: VerifyPorts & { readonly endMs: number },
  signal: AbortSignal,
): Promise<Answers> {
  const untilMs = Math.min(endMs, ports.clock.monotonicMs() + pollMs);
  const open = await verifyPorts({ ...ports, desired, verify, endMs: untilMs }, signal);
  const web = await verifyHttp({ ...ports, checks: verify.http, keyPems, endMs: untilMs }, signal);
  const unasked = open.unasked.length > 0 ? { unasked: open.unasked } : {};
  return { ports: open.ports, ...unasked, http: web.http, failures: [...open.failures, ...web.failures] };
}
