import assert from "node:assert/strict";
import { test } from "node:test";
import { runPass } from "../../src/agent/run-pass.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { testClock } from "../support/world.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;

function files(version: number): Files {
  return {
    "holdfast.yaml": "project: demo\nverify: { running: 3s, timeout: 60s }\n",
    "compose.yaml": `services: { web: { image: "web:${version}", restart: always }, db: { image: db:1 } }\n`,
  };
}

/** Revision 1 runs and is verified, revision 2 changes `web`; acts happen in the n-th sleep of its verification. */
async function world(acts: Readonly<Record<number, (world: MemoryDeployment) => void>>) {
  const plain = testClock("2020-01-02T03:04:05Z"); // the fake host started everything long afterwards: nothing has run yet
  let sleeps = -Infinity;
  const clock: Clock = {
    ...plain,
    sleep: async (ms, signal) => {
      sleeps += 1;
      acts[sleeps]?.(made);
      await plain.sleep(ms, signal);
    },
  };
  const made = memoryDeployment({ ports: { clock }, intervalMs: 2_000 });
  for (const image of ["web:1", "web:2", "web:3", "db:1"]) made.engine.host.publishImage(image);
  const pass = () => runPass(made.deployment, { mode: "enforce", full: true, logs: true }, calm);
  made.push(files(1));
  await pass();
  const second = made.push(files(2));
  sleeps = 0;
  return { ...made, pass, second };
}

const outside: readonly (readonly [string, (world: MemoryDeployment) => void])[] = [
  ["kills a container that the revision did not touch", ({ engine }) => engine.host.exit("demo-db-1", 137)],
  ["removes one that it did not touch", ({ engine }) => engine.host.remove("demo-db-1")],
  ["kills one that it touched", ({ engine }) => engine.host.exit("demo-web-1", 137)],
  ["removes one that it touched", ({ engine }) => engine.host.remove("demo-web-1")],
];
for (const [what, act] of outside) {
  test(`a verification goes on where somebody ${what}: it is brought back and the revision verified`, async () => {
    const { pass, ledger, journal, second } = await world({ 2: act });
    const { report, again } = await pass();
    assert.deepEqual([report.health?.passed, report.hold, again, report.converged], [true, undefined, false, true]);
    assert.deepEqual([ledger().applied?.commit, ledger().verified], [second, true]);
    assert.ok(journal.includes("warning corrected during the verification:"), journal.join("\n"));
    assert.equal(report.mended?.length, 1);
  });
}

test("what somebody ends again and again does not keep a verification going for ever", async () => {
  const kill = ({ engine }: MemoryDeployment) => engine.host.exit("demo-db-1", 137);
  const { pass } = await world({ 1: kill, 2: kill, 3: kill, 4: kill, 5: kill });
  const { report } = await pass();
  assert.equal(report.health?.passed, false);
  assert.equal(report.mended?.length, 3);
});

test("a newer revision ends a verification, and neither holds nor verifies the one before", async () => {
  let third = "";
  const { pass, ledger, second } = await world({ 1: ({ push }) => void (third = push(files(3))) });
  const { report, again } = await pass();
  assert.equal(report.health?.superseded, true);
  assert.deepEqual([again, report.hold, ledger().verified, ledger().applied?.commit === second], [
    true,
    undefined,
    false,
    false,
  ]);
  const next = await pass();
  assert.deepEqual([next.report.revision?.commit, next.report.converged], [third, true]);
});

test("a newer revision that is denied or does not load ends no verification", async () => {
  const { pass, ledger, second } = await world({
    1: ({ push }) => void push({ ...files(3), "compose.yaml": "services: { web: { imagine: 1 } }\n" }),
  });
  const { report } = await pass();
  assert.equal(report.health?.passed, true);
  assert.equal(ledger().applied?.commit, second);
});
