import { isMarkedAsUntransferable, parentPort, type Transferable } from "node:worker_threads";
import { type AnswerMessage, failedMessage, type TaskMessage } from "./messages.ts";

/** What a task gives: plain data, and those of its buffers that go over without being copied. */
export interface TaskResult {
  readonly value: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

export type Tasks = Readonly<Record<string, (input: never) => Promise<TaskResult>>>;

/** The worker's side: answers task after task until its thread is ended. */
export function answerTasks(tasks: Tasks): void {
  const port = parentPort!;
  port.on("message", async ({ kind, input }: TaskMessage) => {
    const answer = (message: AnswerMessage, transfer: readonly ArrayBuffer[] = []): void =>
      port.postMessage(message, transfer as readonly Transferable[]);
    try {
      const { value, transfer } = await tasks[kind]!(input as never);
      // small buffers may lie in one that the runtime shares out: they are copied
      answer({ kind: "done", value }, transfer?.filter((buffer) => !isMarkedAsUntransferable(buffer)));
    } catch (thrown) {
      answer(failedMessage(thrown));
    }
  });
}
