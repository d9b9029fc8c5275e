import type Docker from "dockerode";
import { defaultMemorySwapBytes } from "../../model/engine-defaults.ts";
import type { Engine } from "../../ports/engine.ts";
import type { Caller } from "./caller.ts";
import { createContainer } from "./create-container.ts";
import { resourceLimits, restartPolicy } from "./create-host-config.ts";
import { logLines } from "./logs.ts";
import { inspectContainer } from "./look-ups.ts";
import { readState } from "./read-container.ts";

type ContainerCalls = Pick<
  Engine,
  | "createContainer"
  | "renameContainer"
  | "updateContainer"
  | "startContainer"
  | "stopContainer"
  | "restartContainer"
  | "unpauseContainer"
  | "removeContainer"
  | "inspectState"
  | "tailLog"
>;

/** The calls of the port that are about one container. */
export function containerCalls(caller: Caller): ContainerCalls {
  return {
    createContainer: (name, spec, options, signal) => createContainer(caller, { name, spec, options }, signal),
    async renameContainer(id, name, signal) {
      const rename = (container: Docker.Container, abortSignal: AbortSignal) => container.rename({ name, abortSignal });
      await caller.onContainer([`rename % to "${name}"`, id], { signal }, rename);
    },
    async updateContainer(id, { resources = {}, restart }, signal) {
      const { memoryBytes, memorySwapBytes = memoryBytes && defaultMemorySwapBytes(memoryBytes) } = resources;
      const limits = resourceLimits({ ...resources, memorySwapBytes });
      const body = { ...limits, ...(restart ? { RestartPolicy: restartPolicy(restart) } : {}) };
      const update = (container: Docker.Container, abortSignal: AbortSignal) =>
        container.update({ ...body, abortSignal });
      await caller.onContainer(["update %", id], { signal }, update);
    },
    startContainer: (id, signal) =>
      caller.onContainer(
        ["start %", id],
        { signal },
        (container, abortSignal) => unlessDone(container.start({ abortSignal })),
      ),
    stopContainer(id, graceSeconds, signal) {
      const moreMs = caller.graceMs(id, graceSeconds);
      return caller.onContainer(
        ["stop %", id],
        { signal, moreMs },
        (container, abortSignal) => unlessDone(container.stop(grace(graceSeconds, abortSignal))),
      );
    },
    async restartContainer(id, graceSeconds, signal) {
      const moreMs = caller.graceMs(id, graceSeconds);
      await caller.onContainer(
        ["restart %", id],
        { signal, moreMs },
        (container, abortSignal) => container.restart(grace(graceSeconds, abortSignal)),
      );
    },
    async unpauseContainer(id, signal) {
      await caller.onContainer(
        ["unpause %", id],
        { signal },
        (container, abortSignal) => container.unpause({ abortSignal }),
      );
    },
    /** The Engine leaves named volumes, and anonymous ones that another container uses, although it is told `v`. */
    async removeContainer(id, signal) {
      await caller.onContainer(
        ["remove %", id],
        { signal },
        (container, abortSignal) => container.remove({ v: true, abortSignal }),
      );
    },
    inspectState: async (id, signal) => readState(await inspectContainer(caller, id, signal)),
    tailLog: (id, lines, signal) => readLog(caller, { id, lines }, signal),
  };
}

async function readLog(
  caller: Caller,
  { id, lines }: { readonly id: string; readonly lines: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { Config } = await inspectContainer(caller, id, signal);
  const what = { stdout: true, stderr: true, follow: false as const, tail: lines };
  const bytes = await caller.onContainer(
    ["read the log of %", id],
    { signal },
    (container, abortSignal) => container.logs({ ...what, abortSignal }),
  );
  return logLines(Buffer.from(bytes), Config.Tty ?? false).slice(-lines);
}

/** @returns false where the Engine answers 304: there was nothing to do */
async function unlessDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as { statusCode?: unknown }).statusCode === 304) return false;
    throw error;
  }
}

function grace(seconds: number | undefined, abortSignal: AbortSignal): { t?: number; abortSignal: AbortSignal } {
  return { ...(seconds === undefined ? {} : { t: seconds }), abortSignal };
}
