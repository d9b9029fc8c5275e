import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../../src/plan/plan.ts";
import { describeStep } from "../../src/plan/describe.ts";
import { digestKey } from "../../src/model/digest.ts";
import { desiredWorld, TestHost, type Wishes } from "../support/world.ts";

// What services and strangers do to each other: found by the properties, held here by name.

const next = { commit: "c".repeat(40) };

async function convergedHost(wishes: Wishes): Promise<TestHost> {
  const host = new TestHost();
  await host.converge(desiredWorld(wishes));
  return host;
}

function lines(plan: Plan): string[] {
  return [...plan.steps, ...plan.settle].map(describeStep);
}

function needsOf(plan: Plan, id: RegExp): readonly string[] {
  return plan.steps.find((step) => id.test(step.id))?.needs ?? [];
}

const publishing = (port: number | string) => ({
  ports: [{ target: 80, protocol: "tcp", hostIp: "", published: String(port) }],
});
const unknownKey = digestKey(new Uint8Array(32).fill(9));
const project = { "com.docker.compose.project": "demo" };

test("planDeployment() starts what takes a port of another service after that has stopped, in a swap too", async () => {
  const host = await convergedHost({ services: { one: publishing(8001), two: publishing(8002) } });
  const plan = await host.plan(
    desiredWorld({ services: { one: publishing(8002), two: publishing("8000-8001") } }),
    next,
  );
  const stopOf = (key: string) => plan.steps.find(({ id }) => id.startsWith(`container.stop ${key} `))!.id;
  assert.ok(needsOf(plan, /^container.start one/).includes(stopOf("two")));
  assert.ok(needsOf(plan, /^container.start two/).includes(stopOf("one")));
  assert.ok(needsOf(plan, /^container.start one/).includes("container.create one"));
});

test("planDeployment() is blocked where a container of the project that is not ours has the port", async () => {
  const host = await convergedHost({ services: { web: {} } });
  const { spec } = desiredWorld({ services: { web: publishing(8001) } }).services.get("web")!;
  host.engine.host.run("by-hand", spec, { ...project, "com.docker.compose.service": "other" });
  const plan = await host.plan(desiredWorld({ services: { web: publishing(8001) } }), next);
  assert.deepEqual(lines(plan), []);
  assert.deepEqual(plan.notices.filter(({ severity }) => severity === "error").map(({ message }) => message), [
    'Cannot publish "8001:80/tcp": container "by-hand" of this project has that port, and it stays',
  ]);
  const stopped = await host.plan(
    desiredWorld({ services: { web: { ...publishing(8001), desired: "stopped" } } }),
    next,
  );
  assert.equal(stopped.notices.some(({ severity }) => severity === "error"), false);
  const ranged = await host.plan(desiredWorld({ services: { web: publishing("8001-8005") } }), next);
  assert.equal(ranged.notices.some(({ severity }) => severity === "error"), false);
});

const meetings: { held: string; wanted: string; isBlocked: boolean }[] = [
  { held: "8001", wanted: "8001", isBlocked: true },
  { held: "8001", wanted: "8002", isBlocked: false },
  { held: "8000 8001", wanted: "8001 8003", isBlocked: true },
  { held: "8001/udp", wanted: "8001", isBlocked: false },
  { held: "127.0.0.1:8001", wanted: "127.0.0.1:8001", isBlocked: true },
  { held: "127.0.0.1:8001", wanted: "127.0.0.2:8001", isBlocked: false },
  { held: "127.0.0.1:8001", wanted: "8001", isBlocked: true },
  { held: "0.0.0.0:8001", wanted: "127.0.0.1:8001", isBlocked: true },
  { held: ":::8001", wanted: "::1:8001", isBlocked: true },
  { held: ":::8001", wanted: "0.0.0.0:8001", isBlocked: false },
  { held: "::1:8001", wanted: "0.0.0.0:8001", isBlocked: false },
  { held: "", wanted: "", isBlocked: false },
];
for (const { held, wanted, isBlocked } of meetings) {
  test(`planDeployment() ${isBlocked ? "is" : "is not"} blocked for port "${wanted}" where somebody's container has "${held}"`, async () => {
    const ports = (text: string) =>
      text.split(" ").map((each) => {
        const [, hostIp = "", published = "", protocol = "tcp"] = /^(?:(.*):)?(\d*)(?:\/(\w+))?$/.exec(each)!;
        return { target: 80, protocol, hostIp, published };
      });
    const host = await convergedHost({ services: { web: {} } });
    const { spec } = desiredWorld({ services: { web: { ports: ports(held) } } }).services.get("web")!;
    host.engine.host.run("by-hand", spec, { ...project, "com.docker.compose.service": "other" });
    const { notices } = await host.plan(desiredWorld({ services: { web: { ports: ports(wanted) } } }), next);
    assert.equal(notices.some(({ severity }) => severity === "error"), isBlocked);
  });
}

test("planDeployment() takes the port of a service that git does not name any more", async () => {
  const host = await convergedHost({ services: { old: publishing(8001), web: {} } });
  const plan = await host.plan(desiredWorld({ services: { web: publishing(8001) } }), next);
  assert.deepEqual(plan.notices, []);
  assert.match(needsOf(plan, /^container.start web/).join(), /container.stop demo-old-1/);
});

test("planDeployment() tells of an orphan, and does not stop one that does not run", async () => {
  const host = await convergedHost({ services: { old: {}, web: {} } });
  host.engine.host.exit("demo-old-1");
  const plan = await host.plan(desiredWorld({ services: { web: {} } }), next);
  assert.deepEqual(lines(plan).map((line) => line.replace(/ [0-9a-f]{12} /, " ")), [
    "- remove container/demo-old-1 (orphaned)",
  ]);
  assert.deepEqual(plan.differences.map(({ resource, action }) => `${action} ${resource}`), [
    "remove container/demo-old-1",
  ]);
});

test("planDeployment() is blocked where a service that is blocked itself keeps the port", async () => {
  const host = await convergedHost({ services: { one: publishing(8001), two: {} } });
  const lost = { type: "volume", source: "gone", target: "/data", readOnly: false } as const;
  const plan = await host.plan(
    desiredWorld({
      services: { one: { mounts: [lost] }, two: publishing(8001) },
      volumes: { data: { external: true, name: "gone" } },
    }),
    next,
  );
  assert.deepEqual(lines(plan), []);
  assert.deepEqual(plan.notices.map(({ resource }) => resource), ["service/one", "service/two"]);
});

test("planDeployment() does not run a job again that others only wait for to have started", async () => {
  const wishes: Wishes = { services: { job: {}, web: { dependsOn: ["job"] } } };
  const host = await convergedHost(wishes);
  host.engine.host.exit("demo-job-1", 0);
  const { id } = (await host.observe(desiredWorld(wishes))).containers.find(({ name }) => name === "demo-job-1")!;
  const remembering = (ran: boolean) => ({
    services: { job: { containerId: id, digest: "", ran } },
    networks: [],
    volumes: [],
  });
  host.remember({ inventory: remembering(false) });
  assert.deepEqual(lines(await host.plan(desiredWorld(wishes))), []);
  host.remember({ inventory: remembering(true) });
  assert.match(lines(await host.plan(desiredWorld(wishes))).join(), /^~ start service\/job/);
});

test("planDeployment() starts a replica again that was stopped, as it does the first", async () => {
  const wishes: Wishes = { services: { web: { replicas: 2 } } };
  const host = await convergedHost(wishes);
  const [first] = (await host.observe(desiredWorld(wishes))).containers;
  host.engine.host.exit("demo-web-2", 0);
  host.remember({
    inventory: { services: { web: { containerId: first!.id, digest: "", ran: true } }, networks: [], volumes: [] },
  });
  assert.match(lines(await host.plan(desiredWorld(wishes))).join(), /^~ start service\/web\[2\]/);
});

test("planDeployment() is blocked where a stranger has the name of a replica", async () => {
  const desired = desiredWorld({ services: { web: { replicas: 2 } } });
  const host = new TestHost();
  host.engine.host.addImage("web:1");
  host.engine.host.addNetwork(desired.networks.get("default")!.spec);
  host.engine.host.run("demo-web-2", desired.services.get("web")!.spec);
  const { notices } = await host.plan(desired);
  const { message } = notices.find(({ resource }) => resource === "service/web")!;
  assert.match(message, /^Cannot create container "demo-web-2": /);
});

test("planDeployment() starts nothing in the namespaces of a container that does not run yet, required or not", async () => {
  for (const dependsOn of [[], [{ service: "web", required: false }]]) {
    const plan = await new TestHost().plan(desiredWorld({
      services: { probe: { networkMode: "service:web", networks: [], dependsOn }, web: {} },
    }));
    assert.ok(needsOf(plan, /^container.start probe/).includes("container.start web"));
  }
});

test("planDeployment() does not replace a network on which somebody's container of the project is", async () => {
  const host = await convergedHost({ services: { web: {} } });
  const { spec } = desiredWorld({ services: { web: {} } }).services.get("web")!;
  host.engine.host.run("by-hand", spec, { ...project, "com.docker.compose.service": "other" });
  const plan = await host.plan(
    desiredWorld({ services: { web: {} }, networks: { default: { internal: true } } }),
    next,
  );
  assert.deepEqual(lines(plan), []);
  assert.match(
    plan.notices.find(({ severity }) => severity === "error")!.message,
    /^Cannot replace network "demo_default"/,
  );
});

test("planDeployment() takes a container out of the IPC namespace of another that git does not name", async () => {
  const host = await convergedHost({ services: { db: {}, web: { ipc: "service:db" } } });
  const plan = await host.plan(desiredWorld({ services: { db: {}, web: {} } }), { ...next, digestKey: unknownKey });
  assert.deepEqual(plan.differences.map(({ resource, action }) => [resource, action]), [["service/web", "recreate"]]);
});
