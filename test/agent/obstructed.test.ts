import assert from "node:assert/strict";
import { test } from "node:test";
import { planOnce } from "../../src/agent/one-pass.ts";
import { runPass } from "../../src/agent/run-pass.ts";
import type { Report } from "../../src/report/report.ts";
import { stateOf } from "../../src/report/status.ts";
import { minimalSpec } from "../support/container-spec.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;
const manifest = "project: demo\nverify: { running: 0s, timeout: 5s }\n";

function revision(services: Readonly<Record<string, string>>, more: Files = {}): Files {
  const lines = Object.entries(services).map(([key, keys]) => `  ${key}: { image: "example/${key}:1", ${keys} }\n`);
  return { "holdfast.yaml": manifest, "compose.yaml": `services:\n${lines.join("")}`, ...more };
}

const first = revision({ web: "", api: "environment: { MODE: old }" });
/** Publishes a port that another project's container has, and changes something else. */
const second = revision({ web: 'ports: ["8080:80"]', api: "environment: { MODE: new }" });

function stranger(world: MemoryDeployment): void {
  const port = { published: "8080", target: 80, protocol: "tcp" as const, hostIp: "0.0.0.0" };
  world.engine.host.run("other-web-1", minimalSpec("example/web:1", { ports: [port] }), {
    "com.docker.compose.project": "other",
  });
}

async function started(pushed: Files = first): Promise<MemoryDeployment> {
  const world = memoryDeployment();
  for (const key of ["web", "api", "db"]) world.engine.host.addImage(`example/${key}:1`);
  world.push(pushed);
  await pass(world);
  return world;
}

async function pass(world: MemoryDeployment, previous?: Report): Promise<Report> {
  const options = { mode: "enforce", full: false, previous, logs: true } as const;
  return (await runPass(world.deployment, options, calm)).report;
}

function idOf(world: MemoryDeployment, name: string): string | undefined {
  return [...world.engine.host.names()].find(([, other]) => other === name)?.[0];
}

function told(world: MemoryDeployment, words: string): number {
  return world.journal.filter((line) => line.includes(words)).length;
}

test("a revision with a service whose port is taken goes on but for that service, and is neither verified nor applied", async () => {
  const world = await started();
  const { applied, inventory } = world.ledger();
  const [web, api] = [idOf(world, "demo-web-1"), idOf(world, "demo-api-1")];
  stranger(world);
  const tip = world.push(second);
  const report = await pass(world);
  assert.deepEqual([report.hold?.kind, report.hold?.commit, report.health, report.converged], [
    "obstructed",
    tip,
    undefined,
    false,
  ]);
  assert.match(report.hold!.reason, /^service\/web: .*other-web-1/);
  assert.equal(stateOf(report), "held");
  assert.equal(idOf(world, "demo-web-1"), web); // the predecessor stays
  assert.notEqual(idOf(world, "demo-api-1"), api);
  assert.equal(world.engine.host.names().has(api!), true); // the way back
  assert.deepEqual([world.ledger().applied, world.ledger().inventory.services], [applied, inventory.services]);
  assert.deepEqual([report.left, report.revision?.commit], [[], tip]);
});

test("an obstructed revision is looked at again in every pass, quietly, and its drift is corrected", async () => {
  const world = await started();
  stranger(world);
  world.push(second);
  let last = await pass(world);
  const journal = world.journal.length;
  const written = world.counts.writeLedger;
  const since = last.hold!.at;
  for (let times = 0; times < 3; times++) last = await pass(world, last);
  assert.deepEqual([last.outcomes, last.hold?.at, world.counts.writeLedger], [[], since, written]);
  assert.deepEqual(world.journal.slice(journal).filter((line) => !line.startsWith("debug")), []);
  assert.equal(told(world, "is obstructed:"), 1);
  world.engine.host.exit("demo-api-1");
  last = await pass(world, last);
  assert.deepEqual([last.plan!.differences.filter(({ cause }) => cause.kind === "drifted").length, last.hold?.at], [
    1,
    since,
  ]);
  assert.equal((await planOnce(world.deployment, calm)).hold?.kind, "obstructed");
});

test("the hold ends by itself when the port is free: then all of the revision is verified and applied", async () => {
  const world = await started();
  stranger(world);
  const tip = world.push(second);
  const held = await pass(world);
  world.engine.host.remove("other-web-1");
  const report = await pass(world, held);
  assert.deepEqual([report.hold, report.health?.passed, report.converged], [undefined, true, true]);
  assert.deepEqual([world.ledger().applied?.commit, world.ledger().hold, world.ledger().verified], [
    tip,
    undefined,
    true,
  ]);
  assert.equal(world.engine.host.names().size, 2); // predecessors are let go
  assert.equal(told(world, "no longer held"), 1);
});

test("where its verification fails after the obstacle is gone, everything goes back to the applied revision", async () => {
  const world = await started();
  const [web, api] = [idOf(world, "demo-web-1"), idOf(world, "demo-api-1")];
  stranger(world);
  world.engine.host.addImage("example/api:2", { behaviour: { kind: "exits", exitCode: 3 } });
  world.push({
    ...second,
    "compose.yaml": second["compose.yaml"]!.replace("example/web:1", "example/web:2"),
  });
  world.engine.host.addImage("example/web:2", { behaviour: { kind: "exits", exitCode: 3 } });
  await pass(world);
  world.engine.host.remove("other-web-1");
  const failed = await pass(world);
  assert.equal(failed.hold?.kind, "failed");
  await pass(world, failed);
  assert.deepEqual([idOf(world, "demo-web-1"), idOf(world, "demo-api-1")], [web, api]);
});

test("while the git server is down, and where a newer revision is refused, the obstructed one stays enforced", async () => {
  const world = await started();
  stranger(world);
  const tip = world.push(second);
  await pass(world);
  const api = idOf(world, "demo-api-1");
  world.setSource("down");
  const down = await pass(world);
  assert.deepEqual([down.revision?.commit, down.hold?.kind, down.outcomes], [tip, "obstructed", []]);
  world.setSource("up");
  const denied = world.push(revision({ web: "privileged: true", api: "" }));
  const report = await pass(world);
  assert.deepEqual([report.hold?.kind, report.hold?.commit, report.revision?.commit], ["denied", denied, tip]);
  assert.equal(idOf(world, "demo-api-1"), api);
});

test("git goes back to the applied revision, and so does what the obstructed one had changed", async () => {
  const world = await started();
  const api = idOf(world, "demo-api-1");
  stranger(world);
  world.push(second);
  await pass(world);
  world.push(first);
  const report = await pass(world);
  assert.deepEqual([report.hold, report.converged, idOf(world, "demo-api-1")], [undefined, true, api]);
});

test("an obstructed revision whose other service cannot start is held as failed, and goes back", async () => {
  const world = await started();
  const api = idOf(world, "demo-api-1");
  stranger(world);
  world.engine.host.addImage("example/api:2", { behaviour: { kind: "fails", message: "exec format error" } });
  world.push({ ...second, "compose.yaml": second["compose.yaml"]!.replace("example/api:1", "example/api:2") });
  const failed = await pass(world);
  assert.deepEqual([failed.hold?.kind, world.ledger().attempted?.outcome], ["failed", "failed"]);
  const back = await pass(world, failed);
  assert.deepEqual([idOf(world, "demo-api-1"), back.revision?.commit], [api, world.ledger().applied?.commit]);
});

const external = "networks: { outside: { external: true } }\n";
for (
  const [what, files, free] of [
    ["an external network that does not exist", {
      ...first,
      "compose.yaml": first["compose.yaml"]!.replace('web:1", ', 'web:1", networks: [outside], ') + external,
    }, (world: MemoryDeployment) =>
      void world.engine.host.addNetwork({
        name: "outside",
        driverOptions: {},
        internal: false,
        attachable: false,
        ipam: { configs: [], options: {} },
        labels: {},
      })],
    ["an external volume that does not exist", {
      ...first,
      "compose.yaml": first["compose.yaml"]!.replace('web:1", ', 'web:1", volumes: ["data:/data"], ') +
        "volumes: { data: { external: true } }\n",
    }, (world: MemoryDeployment) => world.engine.host.addVolume({ name: "data", driverOptions: {}, labels: {} })],
  ] as const
) {
  test(`${what} obstructs a second revision, and a first one, until it is there`, async () => {
    for (const world of [await started(), memoryDeployment()]) {
      for (const key of ["web", "api"]) world.engine.host.addImage(`example/${key}:1`);
      const before = world.ledger().applied;
      const tip = world.push(files);
      const held = await pass(world);
      assert.deepEqual([held.hold?.kind, held.health, world.ledger().applied], ["obstructed", undefined, before]);
      assert.equal(idOf(world, "demo-api-1") !== undefined, true);
      free(world);
      const report = await pass(world, held);
      assert.deepEqual([report.converged, report.hold, world.ledger().applied?.commit], [true, undefined, tip]);
    }
  });
}

test("a service for which the Engine is too old waits, and nobody says that its container is gone", async () => {
  const world = await started();
  const { engine } = world.deployment.ports;
  const old: typeof engine = {
    ...engine,
    observe: async (scope, signal) => {
      const observed = await engine.observe(scope, signal);
      return { ...observed, engine: { ...observed.engine, version: "20.10.24", apiVersion: "1.41" } };
    },
  };
  Object.assign(world.deployment.ports, { engine: old });
  world.push({
    ...first,
    "compose.yaml": first["compose.yaml"]! +
      '  db: { image: "example/db:1", volumes: [{ type: image, source: "example/web:1", target: /x }] }\n',
  });
  const report = await pass(world);
  assert.equal(report.hold?.kind, "obstructed");
  assert.match(report.hold!.reason, /needs Docker 28/);
  assert.equal(told(world, "its container is gone"), 0);
});

test("something in the way of the applied revision is no hold, and nothing is verified over it", async () => {
  const world = await started(revision({ web: 'ports: ["8080:80"]', api: "" }));
  world.engine.host.remove("demo-web-1");
  stranger(world);
  world.engine.host.exit("demo-api-1");
  const report = await pass(world);
  assert.deepEqual([report.hold, report.health, report.converged, stateOf(report)], [
    undefined,
    undefined,
    false,
    "pending",
  ]);
  assert.equal(world.ledger().verified, true);
  world.engine.host.remove("other-web-1");
  assert.equal((await pass(world)).converged, true);
});
