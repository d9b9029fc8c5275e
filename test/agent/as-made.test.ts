import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "../../src/agent/deployment.ts";
import { applyOnce } from "../../src/agent/one-pass.ts";
import { memoryDeployment } from "./deployment.ts";
import { rewritingEngine, withContainer } from "./rewriting-engine.ts";

const calm = new AbortController().signal;

/** A deployment on an Engine that gives each container another host name than git's. */
function obstinate() {
  const world = memoryDeployment();
  world.engine.host.publishImage("example/web:1");
  world.push({
    "holdfast.yaml": "project: demo\nverify: { running: 0s, timeout: 5s }\n",
    "compose.yaml": "services: { web: { image: example/web:1, hostname: web } }\n",
  });
  let hostname = "web.local";
  const engine = rewritingEngine(
    world.engine,
    (observed) => withContainer(observed, "demo-web-1", ({ spec }) => ({ spec: { ...spec, hostname } })),
  );
  const deployment: Deployment = { ...world.deployment, ports: { ...world.deployment.ports, engine } };
  const creations = () => world.engine.calls.filter(({ method }) => method === "createContainer").length;
  return { world, deployment, creations, answer: (name: string) => void (hostname = name) };
}

test("what the Engine does not take of git's is told once, when it made the container, and never is drift", async () => {
  const { world, deployment, creations } = obstinate();
  const report = await applyOnce(deployment, calm);
  const told = world.journal.findIndex((line) => line === "warning not honored by this Engine, and left so:");
  assert.match(
    world.journal[told + 1]!,
    /service\/web  hostname "web\.local" on the host, "web" in git \(compose\.yaml:1\)/,
  );
  assert.equal(report.converged, true);
  const lines = world.journal.length;
  for (let pass = 0; pass < 3; pass++) assert.equal((await applyOnce(deployment, calm)).converged, true);
  const again = world.journal.slice(lines).filter((line) => /not honored|hostname/.test(line));
  assert.deepEqual([creations(), again], [1, []]);
});

test("the ledger keeps what the Engine made as digests, and a field that moves from there is drift", async () => {
  const { world, deployment, creations, answer } = obstinate();
  await applyOnce(deployment, calm);
  assert.equal(JSON.stringify(world.ledger()).includes("web.local"), false);
  answer("other");
  const report = await applyOnce(deployment, calm);
  assert.equal(creations(), 2);
  assert.deepEqual(report.plan?.differences.map(({ resource, cause }) => `${resource} ${cause.kind}`), [
    "service/web drifted",
  ]);
});
