import { exit } from "node:process";
import { answerTasks } from "../../../src/adapters/worker/answer-tasks.ts";
import { HoldfastError } from "../../../src/model/error.ts";

// What a repository's bytes might make of the thread that reads them.
answerTasks({
  echo: (input) => Promise.resolve({ value: input }),
  hoard() {
    const kept: unknown[] = [];
    for (;;) kept.push({ kept: [kept.length] });
  },
  spin() {
    for (;;);
  },
  overflow() {
    const deeper = (): number => deeper() + 1;
    return Promise.resolve({ value: deeper() });
  },
  refuse() {
    const issues = [{ code: "YAML_LIMIT", severity: "error", message: "too much" }] as const;
    throw new HoldfastError("REVISION_INVALID", "Cannot load it", { retry: "next-revision", hint: "mend it", issues });
  },
  end: () => exit(3),
});
