import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUnconfigured } from "../../src/agent/unconfigured.ts";
import { loadAgentConfig } from "../../src/config/load.ts";
import { HoldfastError } from "../../src/model/error.ts";
import { testClock } from "../support/world.ts";

const template = "# deployments:\n#   - name: web\n";

function emptyConfig(): HoldfastError {
  try {
    loadAgentConfig(template, "/etc/holdfast/agent.yaml");
  } catch (thrown) {
    if (thrown instanceof HoldfastError) return thrown;
  }
  throw new Error("the template was taken");
}

test("waitUnconfigured() says once what is needed, and feeds the watchdog until the signal", async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const lines: string[] = [];
  let fed = 0;
  const supervisor = {
    watchdogMs: 1000,
    ready: () => void told.push("ready"),
    status: (text: string) => void told.push(text),
    progress: () => void (++fed === 5 && stop.abort()),
    stopping: () => Promise.resolve(void told.push("stopping")),
  };
  const clock = { ...testClock(), sleep: (ms: number) => Promise.resolve(assert.ok(ms < 500)) };
  const log = { write: (_level: string, text: string) => void lines.push(text) };
  await waitUnconfigured(emptyConfig(), { supervisor, log, clock }, stop.signal);
  assert.equal(fed, 5);
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /no deployment is configured yet \(CONFIG_EMPTY\); hint: add one to "deployments"/);
  assert.deepEqual([told[0], told.at(-1), told.length], ["ready", "stopping", 3]);
});
