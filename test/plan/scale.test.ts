import assert from "node:assert/strict";
import { test } from "node:test";
import { desiredWorld, TestHost } from "../support/world.ts";

/** As the loader has it: a single container has its own name among its aliases, several have the service's alone. */
function scaledTo(replicas: number) {
  const aliases = replicas === 1 ? ["demo-web-1", "web"] : ["web"];
  const network = { key: "default", name: "demo_default", aliases, linkLocalIps: [], driverOptions: {} };
  return desiredWorld({ services: { web: { replicas, networks: [network] } } });
}

for (const [from, to] of [[1, 2], [2, 1], [3, 1], [1, 3]] as const) {
  test(`a service that is scaled from ${from} to ${to} keeps the containers that stay, as with Compose`, async () => {
    const host = new TestHost();
    await host.converge(scaledTo(from));
    const before = new Map(host.engine.host.names());
    const plan = await host.plan(scaledTo(to));
    await host.apply(plan.steps);
    await host.apply(plan.settle);
    const after = host.engine.host.names();
    const kept = [...before].filter(([id]) => after.has(id)).map(([, name]) => name).sort();
    const expected = Array.from({ length: Math.min(from, to) }, (_, index) => `demo-web-${index + 1}`);
    assert.deepEqual(kept, expected);
    assert.equal(after.size, to);
    assert.deepEqual((await host.plan(scaledTo(to))).differences, []);
  });
}

test("a scaled service whose definition changed is replaced", async () => {
  const host = new TestHost();
  await host.converge(scaledTo(1));
  const desired = scaledTo(2);
  const web = desired.services.get("web")!;
  const changed = { ...web, spec: { ...web.spec, environment: { NEW: "1" } } };
  const plan = await host.plan({ ...desired, services: new Map([["web", changed]]) });
  assert.deepEqual(plan.differences.map(({ resource, action }) => `${resource} ${action}`), [
    "service/web recreate",
    "service/web[2] create",
  ]);
});
