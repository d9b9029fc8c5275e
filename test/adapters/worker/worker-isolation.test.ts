import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test, type TestContext } from "node:test";
import { workerIsolation, type WorkerLimits, workerLimits } from "../../../src/adapters/worker/worker-isolation.ts";
import { HoldfastError } from "../../../src/model/error.ts";

const calm = new AbortController().signal;
const small: WorkerLimits = { ...workerLimits, heapMegabytes: 48, seconds: 20 };
const program = new URL("./_tasks.ts", import.meta.url);

function run(kind: string, { limits = small, input = undefined as unknown, signal = calm } = {}): Promise<unknown> {
  const exceeded = (what: string) =>
    new HoldfastError("REVISION_INVALID", `Cannot load it: it takes ${what}`, { retry: "next-revision", hint: "less" });
  return workerIsolation(program, limits).run({ kind, input, exceeded }, signal);
}

test("a task gives back plain data, bytes and maps as they are", async () => {
  const input = new Map([["a", { bytes: new Uint8Array([1, 2]), set: new Set(["x"]), when: new Date(0) }]]);
  assert.deepEqual(await run("echo", { input }), input);
});

test("a thread does one task after the other, and is ended when there is none", async () => {
  const isolation = workerIsolation(program, small);
  const exceeded = () => new HoldfastError("INTERNAL", "Cannot", { retry: "backoff", hint: "-" });
  for (const input of [1, 2, 3]) assert.equal(await isolation.run({ kind: "echo", input, exceeded }, calm), input);
});

test("a task that hoards memory is ended, and the thread that waits for it goes on meanwhile", async (t: TestContext) => {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 5);
  delay.enable();
  await assert.rejects(run("hoard"), { code: "REVISION_INVALID", message: /takes more than (48 MB of memory|20 s)/ });
  delay.disable();
  clearInterval(ticking);
  assert.ok(ticks > 5, `${ticks} ticks`);
  t.diagnostic(`event loop delay while a bomb was loaded: at most ${Math.round(delay.max / 1e6)} ms`);
});

test("a task that takes too long is ended", async () => {
  await assert.rejects(run("spin", { limits: { ...small, seconds: 0.5 } }), { message: /takes more than 0\.5 s/ });
});

test("a task that exhausts the stack, or ends its thread, exceeds as well", async () => {
  await assert.rejects(run("overflow"), { message: /takes more than the runtime can hold/ });
  await assert.rejects(run("end"), { message: /takes so much that its thread ended/ });
});

test("a task's error comes over with its code, its issues and what to do", async () => {
  await assert.rejects(run("refuse"), (error) => {
    assert.ok(error instanceof HoldfastError);
    assert.deepEqual([error.code, error.retry, error.hint, error.issues.length], [
      "REVISION_INVALID",
      "next-revision",
      "mend it",
      1,
    ]);
    return true;
  });
});

test("a task ends with the signal, and others wait until there is room", async () => {
  const stop = new AbortController();
  const isolation = workerIsolation(program, { ...small, tasks: 1 });
  const exceeded = () => new HoldfastError("INTERNAL", "Cannot", { retry: "backoff", hint: "-" });
  const spinning = isolation.run({ kind: "spin", input: undefined, exceeded }, stop.signal);
  const waiting = isolation.run({ kind: "echo", input: 1, exceeded }, calm);
  stop.abort();
  await assert.rejects(spinning, { code: "CANCELLED" });
  assert.equal(await waiting, 1);
});
