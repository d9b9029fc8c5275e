import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Answer, answer, hostileInputs } from "./_hostile.ts";

/** Under Deno the pure suites may start no process: the inputs are loaded in this one, without the cap on memory. */
const ownProcess = process.versions["deno"] === undefined;
const heapMegabytes = 256;
const watchdogMs = 180_000;

interface Growth {
  /** The function that made the file. */
  readonly text: string;
  readonly small: number;
  readonly large: number;
}

const lines = ownProcess ? askChild() : hostileInputs.map(answer);

for (const input of hostileInputs) {
  test(`loadProject() ends soon and in little memory with ${input.name}`, () => {
    const answer = lines.find((line) => "name" in line && line.name === input.name) as Answer | undefined;
    assert.ok(answer, "the process ended before it had an answer");
    const { loaded, codes } = answer;
    if (input.refusedWith.length === 0) return assert.deepEqual({ loaded, codes }, { loaded: true, codes: [] });
    assert.equal(loaded, false);
    assert.ok(input.refusedWith.some((code) => codes.includes(code)), `refused with ${codes.join(", ")}`);
  });
}

if (ownProcess) {
  for (const text of ["manyServices", "manyDocuments"]) {
    test(`loadProject() takes no more than its share of time for a file of four times the size: ${text}`, () => {
      const growth = lines.find((line) => "small" in line && line.text === text) as Growth | undefined;
      assert.ok(growth && growth.large / growth.small < 8, `${growth && growth.large / growth.small} times the time`);
    });
  }
}

/** What a child with little memory says before it ends, or before the watchdog ends it. */
function askChild(): readonly (Answer | Growth)[] {
  const script = fileURLToPath(new URL("_hostile-child.ts", import.meta.url));
  const run = spawnSync(process.execPath, [`--max-old-space-size=${heapMegabytes}`, script], {
    encoding: "utf8",
    timeout: watchdogMs,
    killSignal: "SIGKILL",
  });
  return run.stdout.trim().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Answer | Growth);
}
