import assert from "node:assert/strict";
import { test } from "node:test";
import { waitForContainer } from "../../src/agent/wait-container.ts";
import type { HoldfastError } from "../../src/model/error.ts";
import { testClock } from "../support/world.ts";
import { scriptedEngine, type StateScript } from "./scripted-engine.ts";
import { waitStep } from "./steps.ts";

const id = "1234567890ab" + "c".repeat(52);

async function wait(states: StateScript, until: "healthy" | "completed", signal = new AbortController().signal) {
  const { engine, looks } = scriptedEngine({ [id]: states });
  const clock = testClock();
  const startedMs = clock.monotonicMs();
  await waitForContainer(id, { step: waitStep(id, until), engine, clock }, signal);
  return { looks: looks(id), waitedMs: clock.monotonicMs() - startedMs };
}

async function failure(states: StateScript, until: "healthy" | "completed"): Promise<HoldfastError> {
  return await wait(states, until).then(() => assert.fail("it did not fail"), (error) => error);
}

test("waitForContainer() waits until the health check passes", async () => {
  const { looks } = await wait([{ health: "starting" }, { health: "starting" }, { health: "healthy" }], "healthy");
  assert.equal(looks, 3);
});

test("waitForContainer() waits until a job has ended with 0", async () => {
  const { looks } = await wait([{}, {}, { status: "exited", exitCode: 0 }], "completed");
  assert.equal(looks, 3);
});

const hopeless = [
  { name: "a failing health check", until: "healthy", state: { health: "unhealthy" }, says: /unhealthy/ },
  { name: "a container without a health check", until: "healthy", state: {}, says: /no health check/ },
  {
    name: "a container that exited",
    until: "healthy",
    state: { status: "exited", exitCode: 3 },
    says: /exited with 3/,
  },
  { name: "a job that failed", until: "completed", state: { status: "exited", exitCode: 4 }, says: /exited with 4/ },
] as const;
for (const { name, until, state, says } of hopeless) {
  test(`waitForContainer() gives up on ${name} at once`, async () => {
    const error = await failure([state], until);
    assert.equal(error.code, "CONTAINER_FAILED");
    assert.match(error.message, /service\/web/);
    assert.match(error.message, says);
    assert.match(error.hint, /last words/);
  });
}

test("waitForContainer() waits for as long as the step says, and no longer", async () => {
  const error = await failure([{ health: "starting" }], "healthy");
  assert.equal(error.code, "STEP_TIMEOUT");
  assert.match(error.message, /not healthy after 60 s/);
});

test("waitForContainer() ends with its signal", async () => {
  const stop = new AbortController();
  const waiting = wait(
    [() => {
      stop.abort(new Error("SIGTERM received"));
      return { health: "starting" };
    }],
    "healthy",
    stop.signal,
  );
  await assert.rejects(waiting, /SIGTERM received/);
});
