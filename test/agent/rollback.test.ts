import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "../../src/agent/deployment.ts";
import { runPass } from "../../src/agent/run-pass.ts";
import { HoldfastError } from "../../src/model/error.ts";
import type { Report } from "../../src/report/report.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;

function files(version: number, more = ""): Files {
  const services = `web: { image: "web:${version}" }, db: { image: "db:${version}" }${more}`;
  return {
    "holdfast.yaml": "project: demo\nverify: { running: 0s, timeout: 5s }\n",
    "compose.yaml": `services: { ${services} }\n`,
  };
}

/** A revision that runs, and one whose `web` exits as soon as it is started. */
async function failedWorld(): Promise<MemoryDeployment & { pass: Pass }> {
  const world = memoryDeployment();
  for (const image of ["web:1", "db:1", "db:2"]) world.engine.host.publishImage(image);
  const boom = { kind: "exits", exitCode: 3, log: ["cannot bind"] } as const;
  world.engine.host.publishImage("web:2", { behaviour: boom });
  let previous: Report | undefined;
  const pass: Pass = async (deployment = world.deployment) => {
    world.journal.length = 0;
    const ended = await runPass(deployment, { mode: "enforce", full: true, previous, logs: true }, calm);
    previous = ended.report;
    return { ...ended, journal: world.journal.filter((line) => !line.startsWith("debug ")).join("\n") };
  };
  world.push(files(1));
  await pass();
  world.push(files(2, ', extra: { image: "db:1" }'));
  return { ...world, pass };
}

type Pass = (deployment?: Deployment) => Promise<{ report: Report; again: boolean; journal: string }>;

test("a pass that goes back says so, why, and how long it took, and calls nothing drift that holdfast did itself", async () => {
  const { pass } = await failedWorld();
  const failed = await pass();
  assert.equal(failed.again, true);
  assert.match(failed.journal, /\| cannot bind/);
  const { journal, report } = await pass();
  assert.match(
    journal,
    /notice rolling back to [0-9a-f]{7} "a change", for [0-9a-f]{7} failed: service\/web exited with 3/,
  );
  assert.match(journal, /notice rolled back in \d+ ms: \d+ done, 0 failed/);
  assert.doesNotMatch(journal, /drifted|[0-9a-f]{12}_demo|never started|applied in/);
  assert.equal(report.converged, true);
  assert.equal(report.rollback?.reason, "service/web exited with 3");
});

test("a way back that takes two passes is still told as one, and the third is quiet", async () => {
  const { pass, deployment, engine } = await failedWorld();
  await pass();
  let refusals = 1;
  const startContainer: typeof engine.startContainer = (id, signal) =>
    refusals-- > 0
      ? Promise.reject(new HoldfastError("ENGINE_CALL", "Cannot start it: no", { retry: "backoff", hint: "wait" }))
      : engine.startContainer(id, signal);
  const stumbling = { ...deployment, ports: { ...deployment.ports, engine: { ...engine, startContainer } } };
  const first = await pass(stumbling);
  assert.match(first.journal, /not rolled back, ended after/);
  const second = await pass(stumbling);
  assert.match(second.journal, /rolling back to .*[^]*rolled back in/);
  assert.doesNotMatch(second.journal, /drifted|[0-9a-f]{12}_demo|stopped on the host/);
  assert.equal(second.report.converged, true);
  assert.equal((await pass()).journal, "");
});
