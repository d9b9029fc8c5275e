import { asHoldfastError, HoldfastError } from "../model/error.ts";
import { logHint } from "../model/exit.ts";
import type { LogTail } from "../model/log-tail.ts";
import { labelsWithPeers, withPeerIds } from "../plan/peers.ts";
import type { ContainerRef, Outcome, Step } from "../plan/step.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import { waitForContainer } from "./wait-container.ts";

/** What steps are carried out with. */
export interface Executor {
  readonly engine: Engine;
  readonly clock: Clock;
  /** How many steps may run side by side. */
  readonly parallel: number;
  /** Puts the revision's files, keys and secrets in place. */
  readonly switchFiles: (signal: AbortSignal) => Promise<void>;
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly onStart?: (step: Step) => void;
  /** What a step that takes long says of itself. */
  readonly onProgress?: (step: Step, text: string) => void;
  /** The last words of a container that failed, read before anything can remove it. */
  readonly tailLog?: (id: string, signal: AbortSignal) => Promise<LogTail>;
}

/**
 * Carries out steps, each as soon as all that it needs is done and no more than `parallel` at a time. A failed step
 * skips only what needs it. Ends early with the signal: calls under way are finished, pulls and waits are cancelled.
 *
 * @returns one outcome per step, in the order of the steps
 */
export async function applySteps(steps: readonly Step[], executor: Executor, signal: AbortSignal): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const created = new Map<string, string>();
  const running = new Map<string, Promise<void>>();
  const waiting = new Set(steps);
  const steady = new AbortController().signal;
  const finish = (outcome: Outcome): void => {
    outcomes.set(outcome.step.id, outcome);
    executor.onOutcome?.(outcome);
  };
  while (waiting.size > 0 || running.size > 0) {
    for (const step of waiting) {
      const failed = step.needs.map((id) => outcomes.get(id)).find((outcome) => outcome && outcome.result !== "done");
      if (failed || signal.aborted) {
        waiting.delete(step);
        finish(skipped(step, failed?.step));
        continue;
      }
      const isReady = step.needs.every((id) => outcomes.has(id));
      if (!isReady || running.size >= executor.parallel) continue;
      waiting.delete(step);
      executor.onStart?.(step);
      running.set(
        step.id,
        runStep(step, { executor, steady, created, signal }).then(finish).finally(() => running.delete(step.id)),
      );
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  return steps.map((step) => outcomes.get(step.id)!);
}

interface Running {
  readonly executor: Executor;
  /** For calls that are not cut short: each has a time limit of its own. */
  readonly steady: AbortSignal;
  /** Step id → id of the container that it created. */
  readonly created: Map<string, string>;
  readonly signal: AbortSignal;
}

async function runStep(step: Step, running: Running): Promise<Outcome> {
  const { clock } = running.executor;
  const startedMs = clock.monotonicMs();
  const durationMs = (): number => Math.round(clock.monotonicMs() - startedMs);
  try {
    const id = await perform(step, running);
    return { step, result: "done", durationMs: durationMs(), ...(id === undefined ? {} : { id }) };
  } catch (thrown) {
    if (running.signal.aborted && endsWithSignal(step)) return skipped(step, undefined);
    const { code, message, hint, retry, retryAfterMs } = asHoldfastError(thrown);
    const took = durationMs();
    const log = await lastWords(step, running);
    const words = logHint(log?.lines ?? []) ?? hint;
    const error = { code, message, hint: words, retry, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    return { step, result: "failed", durationMs: took, error, ...(log ? { log } : {}) };
  }
}

/** Of a container that was to run; one that the Engine did not start has none, unless it ran before. */
async function lastWords(step: Step, { executor, created, steady }: Running): Promise<LogTail | undefined> {
  const { tailLog } = executor;
  if (step.kind !== "container.start" && step.kind !== "container.wait" && step.kind !== "container.restart") return;
  const id = "id" in step.container ? step.container.id : created.get(step.container.created);
  if (!tailLog || id === undefined) return undefined;
  const log = await tailLog(id, steady);
  return step.kind === "container.wait" || log.lines.length > 0 ? log : undefined;
}

/** Pulls and waits may take minutes and change nothing that the next pass does not see: they are cut short. */
function endsWithSignal({ kind }: Step): boolean {
  return kind === "image.pull" || kind === "container.wait";
}

function skipped(step: Step, needed: Step | undefined): Outcome {
  const error = needed
    ? { code: "SKIPPED", message: `needs "${needed.id}", which was not done`, hint: "see the failed step" }
    : { code: "CANCELLED", message: "the agent was asked to stop", hint: "the next pass carries on" };
  return { step, result: "skipped", durationMs: 0, error };
}

/** One step, one call. @returns the id of what it made */
async function perform(step: Step, { executor, steady, created, signal }: Running): Promise<string | void> {
  const { engine } = executor;
  const idOf = (container: ContainerRef): string => resolveRef(container, created);
  switch (step.kind) { // no default: a forgotten variant does not compile
    case "image.pull":
      return await engine.pullImage(step.image, {
        platform: step.platform,
        onProgress: (text) => executor.onProgress?.(step, text),
      }, signal);
    case "network.create":
      return await engine.createNetwork(step.spec, step.labels, steady);
    case "network.remove":
      return await engine.removeNetwork(step.networkId, steady);
    case "network.connect":
      return await engine.connectNetwork(step.network, idOf(step.container), step.attachment, steady);
    case "network.disconnect":
      return await engine.disconnectNetwork(step.network, idOf(step.container), steady);
    case "volume.create":
      return await engine.createVolume(step.spec, step.labels, steady);
    case "files.switch":
      return await executor.switchFiles(steady);
    case "container.create": {
      const peerId = (key: string): string | undefined => step.peers[key] && idOf(step.peers[key]);
      const { imageIdLabel, volumesOf } = step;
      const options = { labels: labelsWithPeers(step, peerId), imageIdLabel, volumesOf };
      const spec = withPeerIds(step.spec, peerId);
      const id = await engine.createContainer(step.name, spec, options, steady);
      created.set(step.id, id);
      return id;
    }
    case "container.rename":
      return await engine.renameContainer(idOf(step.container), step.name, steady);
    case "container.update":
      return await engine.updateContainer(idOf(step.container), step, steady);
    case "container.start":
      return await startContainer(step, { id: idOf(step.container), executor }, steady);
    case "container.stop":
      return void await engine.stopContainer(idOf(step.container), step.graceSeconds, steady);
    case "container.restart":
      return await engine.restartContainer(idOf(step.container), step.graceSeconds, steady);
    case "container.unpause":
      return await engine.unpauseContainer(idOf(step.container), steady);
    case "container.remove":
      return await engine.removeContainer(idOf(step.container), steady);
    case "container.wait":
      return await waitForContainer(idOf(step.container), { step, ...executor }, signal);
  }
}

/** How long a port that a stopped container had may still be taken: seen on Engine 20.10, some tens of milliseconds. */
const portFreedMs = 3000;
const portPollMs = 100;

async function startContainer(
  { takesOverPort }: Extract<Step, { kind: "container.start" }>,
  { id, executor: { engine, clock } }: { readonly id: string; readonly executor: Executor },
  signal: AbortSignal,
): Promise<void> {
  const endMs = clock.monotonicMs() + portFreedMs;
  for (;;) {
    try {
      await engine.startContainer(id, signal);
      return;
    } catch (thrown) {
      const mayBecomeFree = takesOverPort && asHoldfastError(thrown).code === "PORT_TAKEN";
      if (!mayBecomeFree || clock.monotonicMs() >= endMs) throw thrown;
      await clock.sleep(portPollMs, signal);
    }
  }
}

function resolveRef(container: ContainerRef, created: ReadonlyMap<string, string>): string {
  if ("id" in container) return container.id;
  const id = created.get(container.created);
  if (id !== undefined) return id;
  throw new HoldfastError("INTERNAL", `Cannot find the container of step "${container.created}"`, {
    retry: "backoff",
    hint: "this is a defect of holdfast: the plan uses a container before it creates it",
  });
}
