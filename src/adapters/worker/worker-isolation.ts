import { getBuiltinModule } from "node:process";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { asHoldfastError, HoldfastError } from "../../model/error.ts";
import type { IsolatedTask, Isolation } from "../../ports/isolation.ts";
import { type AnswerMessage, errorOf, type TaskMessage } from "./messages.ts";

/** What one task may take. Bytes outside of the heap are counted by whoever makes them. */
export interface WorkerLimits {
  readonly heapMegabytes: number;
  readonly seconds: number;
  /** Tasks at the same time; others wait. */
  readonly tasks: number;
  /** How long a worker without work is kept for the next task. */
  readonly idleMs: number;
}

export const workerLimits: WorkerLimits = { heapMegabytes: 256, seconds: 120, tasks: 2, idleMs: 1000 };

/** The binary's program is in the binary: a worker evaluates it as its main thread did, and finds that it is a worker. */
const binaryProgram = `
const { getRawAsset } = require("node:sea");
const { Script } = require("node:vm");
const asset = (name) => Buffer.from(getRawAsset(name));
const program = new Script(asset("program").latin1Slice(), { filename: process.execPath, cachedData: asset("code-cache") });
program.runInThisContext()(require, module, exports, process.execPath);
`;

/**
 * Tasks in threads of their own, each with a heap of its own.
 *
 * @param program the module whose `answerTasks()` is the other side, when this is not the binary
 */
export function workerIsolation(program: URL, limits: WorkerLimits = workerLimits): Isolation {
  const idle: Worker[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(signal: AbortSignal): Promise<void> {
    if (running >= limits.tasks) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    running++;
  }

  function leave(): void {
    running--;
    waiting.shift()?.();
  }

  function forget(worker: Worker): void {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  }

  /** What a thread says that nobody asks any more. */
  function watch(worker: Worker): Worker {
    return worker.on("error", () => {}).on("exit", () => forget(worker));
  }

  function keep(worker: Worker): void {
    worker.unref();
    idle.push(worker);
    const timer = setTimeout(() => {
      if (!idle.includes(worker)) return;
      forget(worker);
      void worker.terminate();
    }, limits.idleMs);
    timer.unref();
  }

  return {
    async run(task, signal) {
      await enter(signal);
      try {
        if (signal.aborted) throw cancelled(signal);
        const worker = idle.pop() ?? watch(startWorker(program, limits));
        worker.ref();
        const answer = await ask(worker, { task, limits }, signal);
        keep(worker);
        if (answer.kind === "failed") throw errorOf(answer.error);
        if (answer.kind === "exceeded") throw task.exceeded(answer.what);
        return answer.value;
      } finally {
        leave();
      }
    },
  };
}

function startWorker(program: URL, { heapMegabytes }: WorkerLimits): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32 };
  const options = { resourceLimits, stdout: false, stderr: false, env: {}, execArgv: [] };
  if (!getBuiltinModule("node:sea")?.isSea()) return new Worker(program, options);
  // what the binary sets for its own heap would count for every thread; that of the main thread stands already
  setFlagsFromString("--max-old-space-size=0");
  return new Worker(binaryProgram, { ...options, eval: true });
}

/** One question and its answer. A worker that does not answer is ended, whatever it does. */
function ask(
  worker: Worker,
  { task, limits }: { readonly task: IsolatedTask; readonly limits: WorkerLimits },
  signal: AbortSignal,
): Promise<AnswerMessage> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void, fate: "keep" | "end"): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
      if (fate === "end") void worker.terminate();
      settle();
    };
    const fail = (error: HoldfastError): void => end(() => reject(error), "end");
    const onAbort = (): void => fail(cancelled(signal));
    const timer = setTimeout(() => fail(task.exceeded(`more than ${limits.seconds} s`)), limits.seconds * 1000);
    signal.addEventListener("abort", onAbort, { once: true });
    const listeners = {
      message: (answer: AnswerMessage) => end(() => resolve(answer), "keep"),
      messageerror: (error: unknown) => fail(asHoldfastError(error)),
      error: (error: NodeJS.ErrnoException) => {
        const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
        fail(isMemory ? task.exceeded(`more than ${limits.heapMegabytes} MB of memory`) : asHoldfastError(error));
      },
      exit: () => fail(task.exceeded("so much that its thread ended")),
    };
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
    const message: TaskMessage = { kind: task.kind, input: task.input };
    worker.postMessage(message);
  });
}

function cancelled(signal: AbortSignal): HoldfastError {
  if (signal.reason instanceof HoldfastError) return signal.reason;
  return new HoldfastError("CANCELLED", "Cannot finish loading the revision: the work was cancelled", {
    retry: "backoff",
    hint: "nothing was changed; run it again",
    cause: signal.reason,
  });
}
