import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerSpec } from "../../src/model/container.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import { describeStep } from "../../src/plan/describe.ts";
import { isEmptyPlan, type Plan } from "../../src/plan/plan.ts";
import { desiredWorld, TestHost, type Wishes } from "../support/world.ts";

const two: Wishes = { services: { db: {}, web: { dependsOn: ["db"] } } };

/** Ids change from run to run: plans are compared without them. */
function lines(plan: Plan): string[] {
  return [...plan.steps, ...plan.settle].map((step) =>
    describeStep(step).replaceAll(/\b[0-9a-f]{12}(?![0-9a-f])/g, "ID")
  );
}

function causes(plan: Plan): string[] {
  return plan.differences.map(({ resource, cause, action }) => {
    const fields = "fields" in cause ? cause.fields.map((field) => field.field).join(", ") : "";
    return `${resource} ${cause.kind} ${action}${fields && ` [${fields}]`}`;
  });
}

async function convergedHost(wishes: Wishes): Promise<TestHost> {
  const host = new TestHost();
  await host.converge(desiredWorld(wishes));
  return host;
}

test("planDeployment() pulls and creates everything before it starts it in dependency order", async () => {
  const host = new TestHost();
  const plan = await host.plan(desiredWorld({ ...two, volumes: { data: {} } }));
  assert.deepEqual(lines(plan), [
    "+ pull db:1 (missing)",
    "+ pull web:1 (missing)",
    "+ network demo_default (missing)",
    "+ volume demo_data (missing)",
    "+ create demo-db-1 (missing)",
    "+ create demo-web-1 (missing)",
    "~ start service/db (missing)",
    "~ start service/web (missing)",
  ]);
});

test("planDeployment() leaves Compose's label of the image to the creation where the image is pulled first", async () => {
  const host = new TestHost();
  host.engine.host.addImage("db:1");
  const { steps } = await host.plan(desiredWorld(two));
  const created = steps.filter((step) => step.kind === "container.create");
  const label = "com.docker.compose.image";
  assert.deepEqual(created.map(({ labels, imageIdLabel }) => [labels[label]?.slice(0, 7), imageIdLabel]), [
    ["sha256:", undefined],
    [undefined, label],
  ]);
});

test("planDeployment() is empty after its steps were applied", async () => {
  const wishes: Wishes = {
    services: {
      db: {
        environment: { A: "1", B: null },
        mounts: [{ type: "volume", source: "demo_data", target: "/data", readOnly: false }],
      },
      web: {
        dependsOn: ["db"],
        ports: [{ target: 80, protocol: "tcp", hostIp: "", published: "8080" }],
        restart: { name: "always" },
      },
    },
    volumes: { data: {} },
  };
  const host = await convergedHost(wishes);
  const plan = await host.plan(desiredWorld(wishes));
  assert.deepEqual(plan.differences, []);
  assert.equal(isEmptyPlan(plan), true);
  assert.equal(plan.convergedCount, 2);
});

test("planDeployment() replaces a changed service, creates before it stops, and removes the predecessor last", async () => {
  const host = await convergedHost(two);
  const changed = desiredWorld({ services: { ...two.services, db: { environment: { MODE: "fast" } } } });
  const plan = await host.plan(changed, { commit: "c".repeat(40) });
  assert.deepEqual(lines(plan), [
    "+ create demo-db-1-next (changed)",
    "~ stop service/db ID (changed)",
    "~ rename service/db ID to ID_demo-db-1 (changed)",
    "~ rename service/db to demo-db-1 (changed)",
    "~ start service/db (changed)",
    "- remove service/db ID (changed)",
  ]);
  assert.deepEqual(causes(plan), ["service/db changed recreate [environment MODE]"]);
});

test("planDeployment() names a changed definition that shows on no live field", async () => {
  const bound = (digest: string): Wishes => ({
    services: { web: { boundFiles: [{ target: "/etc/a.conf", origin: "checkout", path: "a.conf", digest }] } },
  });
  const host = await convergedHost(bound("old"));
  const plan = await host.plan(desiredWorld(bound("new")), { commit: "c".repeat(40) });
  assert.deepEqual(causes(plan), ["service/web changed recreate [file a.conf]"]);
});

const drifts: { name: string; act: (host: TestHost) => void; steps: string[]; causes: string[] }[] = [
  {
    name: "starts what was stopped",
    act: ({ engine }) => engine.host.exit("demo-db-1", 137),
    steps: ["~ start service/db ID (drifted)"],
    causes: ["service/db drifted start [state]"],
  },
  {
    name: "creates what was removed",
    act: ({ engine }) => engine.host.remove("demo-db-1"),
    steps: ["+ create demo-db-1 (missing)", "~ start service/db (missing)"],
    causes: ["service/db missing create"],
  },
  {
    name: "recreates to take a limit off that git does not name",
    act: ({ engine }) => engine.host.update("demo-db-1", { resources: { memoryBytes: 1 << 26 } }),
    steps: [
      "+ create demo-db-1-next (drifted)",
      "~ stop service/db ID (drifted)",
      "~ rename service/db ID to ID_demo-db-1 (drifted)",
      "~ rename service/db to demo-db-1 (drifted)",
      "~ start service/db (drifted)",
      "- remove service/db ID (drifted)",
    ],
    causes: ["service/db drifted recreate [memory limit]"],
  },
  {
    name: "unpauses what was paused",
    act: ({ engine }) => engine.host.pause("demo-db-1"),
    steps: ["~ unpause service/db ID (drifted)"],
    causes: ["service/db drifted unpause [state]"],
  },
  {
    name: "renames back what was renamed",
    act: ({ engine }) => engine.host.rename("demo-db-1", "elsewhere"),
    steps: ["~ rename service/db ID to demo-db-1 (drifted)"],
    causes: ["service/db drifted rename [name]"],
  },
  {
    name: "connects again what was disconnected",
    act: ({ engine }) => engine.host.disconnect("demo-db-1", "demo_default"),
    steps: ["~ connect service/db ID to demo_default (drifted)"],
    causes: ["service/db drifted reconnect [network default]"],
  },
];
for (const { name, act, steps, causes: expected } of drifts) {
  test(`planDeployment() ${name}, and the plan is empty afterwards`, async () => {
    const host = await convergedHost(two);
    act(host);
    const plan = await host.plan(desiredWorld(two));
    assert.deepEqual(lines(plan), steps);
    assert.deepEqual(causes(plan), expected);
    await host.apply(plan.steps);
    await host.apply(plan.settle);
    assert.deepEqual(lines(await host.plan(desiredWorld(two))), []);
  });
}

test("planDeployment() gives a live container its limits back without replacing it", async () => {
  const limited: Wishes = { services: { db: { resources: { memoryBytes: 1 << 26 }, restart: { name: "always" } } } };
  const host = await convergedHost(limited);
  host.engine.host.update("demo-db-1", { resources: { memoryBytes: 1 << 27 }, restart: { name: "no" } });
  const plan = await host.plan(desiredWorld(limited));
  assert.deepEqual(lines(plan), ["~ update service/db ID (drifted)"]);
  await host.apply(plan.steps);
  assert.deepEqual(lines(await host.plan(desiredWorld(limited))), []);
});

test("planDeployment() creates a network that was removed and connects its members again", async () => {
  const host = await convergedHost(two);
  host.engine.host.disconnect("demo-db-1", "demo_default");
  host.engine.host.disconnect("demo-web-1", "demo_default");
  host.engine.host.removeNetwork("demo_default");
  const plan = await host.plan(desiredWorld(two));
  assert.deepEqual(lines(plan), [
    "+ network demo_default (missing)",
    "~ connect service/db ID to demo_default (drifted)",
    "~ connect service/web ID to demo_default (drifted)",
  ]);
});

test("planDeployment() never changes or removes a volume: what differs is told", async () => {
  const host = await convergedHost({ services: { db: {} }, volumes: { data: {}, old: {} } });
  const other = desiredWorld({ services: { db: {} }, volumes: { data: { driverOptions: { type: "nfs" } } } });
  const plan = await host.plan(other);
  assert.deepEqual(lines(plan), []);
  assert.deepEqual(plan.notices.map((notice) => [notice.resource, notice.severity]), [["volume/data", "warning"]]);
});

test("planDeployment() stops an orphan before anything new starts, and removes it last", async () => {
  const host = await convergedHost(two);
  const renamed = desiredWorld({ services: { db: {}, www: { image: "web:1" } } });
  const plan = await host.plan(renamed, { commit: "c".repeat(40) });
  assert.deepEqual(lines(plan), [
    "+ create demo-www-1 (missing)",
    "~ stop container/demo-web-1 ID (orphaned)",
    "~ start service/www (missing)",
    "- remove container/demo-web-1 ID (orphaned)",
  ]);
});

test("planDeployment() leaves containers alone that it did not make: outside the project, one-off, or by hand inside it", async () => {
  const host = await convergedHost(two);
  const spec = desiredWorld(two).services.get("db")!.spec;
  const project = { "com.docker.compose.project": "demo" };
  host.engine.host.run("stranger", spec);
  host.engine.host.run("oneoff", spec, {
    ...project,
    "com.docker.compose.service": "db",
    "com.docker.compose.oneoff": "True",
  });
  host.engine.host.run("by-hand", spec, { ...project, "com.docker.compose.service": "other" });
  const plan = await host.plan(desiredWorld(two));
  assert.deepEqual(lines(plan), []);
  assert.deepEqual(plan.notices.map((notice) => notice.resource), ["container/by-hand"]);
});

test("planDeployment() is blocked where a stranger has the container's name, and only there", async () => {
  const host = await convergedHost({ services: { other: {} } });
  const desired = desiredWorld({ services: { db: {}, other: {}, web: {} } });
  host.engine.host.addImage("db:1");
  host.engine.host.addImage("web:1");
  host.engine.host.run("demo-db-1", desired.services.get("db")!.spec);
  const plan = await host.plan(desired);
  assert.deepEqual(plan.notices.map((notice) => [notice.resource, notice.severity]), [["service/db", "error"]]);
  assert.deepEqual(lines(plan).filter((line) => line.includes("create")), ["+ create demo-web-1 (missing)"]);
});

test("planDeployment() adopts a container of Compose's that already matches", async () => {
  const host = await convergedHost(two);
  const desired = desiredWorld(two);
  host.engine.host.remove("demo-db-1");
  const labels = {
    "com.docker.compose.project": "demo",
    "com.docker.compose.service": "db",
    "com.docker.compose.container-number": "1",
    "com.docker.compose.oneoff": "False",
  };
  host.engine.host.run("demo-db-1", desired.services.get("db")!.spec, labels);
  assert.deepEqual(lines(await host.plan(desired)), []);
});

test("planDeployment() goes back to a predecessor that is still there instead of making it anew", async () => {
  const host = await convergedHost(two);
  const before = desiredWorld(two);
  const after = desiredWorld({ services: { ...two.services, db: { environment: { MODE: "broken" } } } });
  const forward = await host.plan(after, { commit: "c".repeat(40) });
  await host.apply(forward.steps); // the verification fails: nothing settles
  const back = await host.plan(before);
  assert.deepEqual(lines(back), [
    "~ stop service/db ID (changed)",
    "~ rename service/db ID to ID_demo-db-1 (changed)",
    "~ rename service/db ID to demo-db-1 (changed)",
    "~ start service/db ID (changed)",
    "- remove service/db ID (changed)",
  ]);
  await host.apply(back.steps);
  await host.apply(back.settle);
  assert.deepEqual(lines(await host.plan(before)), []);
});

test("planDeployment() removes a predecessor that an earlier pass left over, and calls it superseded", async () => {
  const host = await convergedHost(two);
  const after = desiredWorld({ services: { ...two.services, db: { environment: { MODE: "fast" } } } });
  await host.apply((await host.plan(after, { commit: "c".repeat(40) })).steps); // killed before the rest
  const rest = await host.plan(after, { commit: "c".repeat(40) });
  assert.deepEqual(lines(rest), ["- remove service/db ID (superseded)"]);
  assert.deepEqual(causes(rest), ["service/db superseded remove predecessor"]);
  await host.apply(rest.settle);
  assert.deepEqual(lines(await host.plan(after, { commit: "c".repeat(40) })), []);
});

for (let cut = 1; cut < 6; cut++) {
  test(`planDeployment() converges after an apply that was killed after ${cut} of its calls`, async () => {
    const host = await convergedHost(two);
    const after = desiredWorld({ services: { ...two.services, db: { environment: { MODE: "fast" } } } });
    const plan = await host.plan(after, { commit: "c".repeat(40) });
    await host.apply(plan.steps.slice(0, cut));
    const rest = await host.plan(after, { commit: "c".repeat(40) });
    const outcomes = [...await host.apply(rest.steps), ...await host.apply(rest.settle)];
    assert.deepEqual(outcomes.filter((outcome) => outcome.result !== "done"), []);
    assert.deepEqual(lines(await host.plan(after, { commit: "c".repeat(40) })), []);
  });
}

test("planDeployment() creates a service again whose network namespace is another's that is replaced", async () => {
  const sidecar: Wishes = {
    services: { web: {}, probe: { networkMode: "service:web", networks: [], dependsOn: ["web"] } },
  };
  const host = await convergedHost(sidecar);
  assert.deepEqual(lines(await host.plan(desiredWorld(sidecar))), []);
  const changed = desiredWorld({ services: { ...sidecar.services, web: { environment: { A: "1" } } } });
  const plan = await host.plan(changed, { commit: "c".repeat(40) });
  assert.deepEqual(causes(plan), [
    "service/probe changed recreate [container of web]",
    "service/web changed recreate [environment A]",
  ]);
});

/** What is seen of a host when the Engine or its kernel left out a part of what it was asked for. */
async function seenAs(host: TestHost, wishes: Wishes, spec: Partial<ContainerSpec>): Promise<ObservedState> {
  const observed = await host.observe(desiredWorld(wishes));
  const containers = observed.containers.map((each) => ({ ...each, spec: { ...each.spec, ...spec } }));
  return { ...observed, containers };
}

test("planDeployment() does not create a container again for a limit that the kernel lacks", async () => {
  const wishes: Wishes = {
    services: { db: { resources: { memorySwappiness: 10, blkio: { weight: 300 } }, oomKillDisable: true } },
  };
  const host = await convergedHost(wishes);
  const observed = await seenAs(host, wishes, { resources: {}, oomKillDisable: false });
  assert.deepEqual(lines(await host.plan(desiredWorld(wishes), { observed })), []);
});

test("planDeployment() takes no limit of swap for one where the kernel counts none", async () => {
  const wishes: Wishes = { services: { db: { resources: { memoryBytes: 1000, memorySwapBytes: 2000 } } } };
  const host = await convergedHost(wishes);
  const observed = await seenAs(host, wishes, { resources: { memoryBytes: 1000, memorySwapBytes: -1 } });
  const without = { ...observed, engine: { ...observed.engine, swapLimit: false } };
  assert.deepEqual(lines(await host.plan(desiredWorld(wishes), { observed: without })), []);
  assert.deepEqual(lines(await host.plan(desiredWorld(wishes), { observed })), ["~ update service/db ID (drifted)"]);
});

for (const networkMode of ["default", "somebodys"]) {
  test(`planDeployment() finds network_mode ${networkMode} as the Engine tells it`, async () => {
    const wishes: Wishes = { services: { web: { networkMode, networks: [] } } };
    const host = await convergedHost(wishes);
    const attachment = { key: networkMode, name: networkMode, aliases: [], linkLocalIps: [], driverOptions: {} };
    const asTold = networkMode === "default"
      ? { networkMode: "bridge" }
      : { networkMode: undefined, networks: [attachment] };
    const observed = await seenAs(host, wishes, asTold);
    assert.deepEqual(lines(await host.plan(desiredWorld(wishes), { observed })), []);
  });
}

test("planDeployment() leaves the subnet alone that the Engine adds for the other IP version", async () => {
  const pool = { subnet: "fd00:7::/64", auxAddresses: {} };
  const wishes: Wishes = {
    services: { web: {} },
    networks: { default: { enableIpv6: true, ipam: { options: {}, configs: [pool] } } },
  };
  const host = await convergedHost(wishes);
  const observed = await host.observe(desiredWorld(wishes));
  const configs = [{ subnet: "172.21.0.0/16", auxAddresses: {} }, pool];
  const networks = observed.networks.map((each) => ({
    ...each,
    spec: { ...each.spec, ipam: { options: {}, configs } },
  }));
  assert.deepEqual(lines(await host.plan(desiredWorld(wishes), { observed: { ...observed, networks } })), []);
});

test("planDeployment() creates a container on the default bridge after those it links to", async () => {
  const host = new TestHost();
  const plan = await host.plan(desiredWorld({
    services: { db: {}, web: { networkMode: "bridge", networks: [], links: ["demo-db-1:db"], dependsOn: ["db"] } },
  }));
  assert.ok(plan.steps.find(({ id }) => id === "container.create web")!.needs.includes("container.create db"));
});

test("planDeployment() masks values that may be secret", async () => {
  const withKey = (value: string): Wishes => ({ services: { minio: { environment: { MINIO_SECRET_KEY: value } } } });
  const host = await convergedHost(withKey("planted-secret-one"));
  const plan = await host.plan(desiredWorld(withKey("planted-secret-two")), { commit: "c".repeat(40) });
  assert.equal(causes(plan)[0], "service/minio changed recreate [environment MINIO_SECRET_KEY]");
  assert.equal(JSON.stringify(plan.differences).includes("planted-secret"), false);
});

test("planDeployment() waits for a health check that others depend on", async () => {
  const waiting: Wishes = {
    services: { db: {}, web: { dependsOn: [{ service: "db", condition: "service_healthy" }] } },
  };
  const plan = await new TestHost().plan(desiredWorld(waiting));
  assert.deepEqual(lines(plan).slice(-3), [
    "~ start service/db (missing)",
    "~ wait until service/db is healthy (missing)",
    "~ start service/web (missing)",
  ]);
});

test("planDeployment() takes an exit with 0 for the end of a job, and for a stop where the service had been running", async () => {
  const host = await convergedHost({ services: { job: {} } });
  host.engine.host.exit("demo-job-1", 0);
  const desired = desiredWorld({ services: { job: {} } });
  assert.deepEqual(lines(await host.plan(desired)), []);
  const { id } = (await host.observe(desired)).containers[0]!;
  host.remember({
    inventory: { services: { job: { containerId: id, digest: "", ran: true } }, networks: [], volumes: [] },
  });
  assert.deepEqual(lines(await host.plan(desired)), ["~ start service/job ID (drifted)"]);
});

test("planDeployment() takes an exit with 0 for the end of what must not be restarted, however long it had run", async () => {
  const host = await convergedHost({ services: { job: {} } });
  host.engine.host.exit("demo-job-1", 0);
  const desired = desiredWorld({ services: { job: {} } });
  const { id } = (await host.observe(desired)).containers[0]!;
  host.remember({
    inventory: { services: { job: { containerId: id, digest: "", ran: true } }, networks: [], volumes: [] },
  });
  const written = { ...desired, model: { ...desired.model, services: { job: { restart: "no" } } } };
  assert.deepEqual(lines(await host.plan(written)), []);
});

for (
  const { name, state, afterMs, told } of [
    { name: "is about to be restarted", state: { status: "restarting", restartCount: 1 }, afterMs: 0, told: true },
    { name: "was just restarted, not for the first time", state: { restartCount: 3 }, afterMs: 14_000, told: true },
    { name: "was restarted once", state: { restartCount: 1 }, afterMs: 0, told: false },
    { name: "has run long enough since its restarts", state: { restartCount: 3 }, afterMs: 15_000, told: false },
  ] as const
) {
  test(`planDeployment() tells ${told ? "" : "nothing "}of a container that ${name}`, async () => {
    const host = await convergedHost({ services: { web: {} } });
    const desired = desiredWorld({ services: { web: {} } });
    const observed = await host.observe(desired);
    const [web] = observed.containers;
    const containers = [{ ...web!, state: { ...web!.state, ...state } }];
    const now = new Date(Date.parse(web!.state.startedAt) + afterMs);
    const { notices } = await host.plan(desired, { observed: { ...observed, containers }, now });
    assert.deepEqual(notices.map(({ message }) => message), told ? ["restarts again and again"] : []);
  });
}

test("planDeployment() leaves out what the manifest ignores", async () => {
  const host = await convergedHost(two);
  host.engine.host.update("demo-db-1", { restart: { name: "always" } });
  const plan = await host.plan(desiredWorld(two), { ignore: [{ service: "db", field: "restart" }] });
  assert.deepEqual(lines(plan), []);
});

const publishing = (published: string, hostIp = ""): Wishes => ({
  services: { ...two.services, web: { ports: [{ target: 80, protocol: "tcp", hostIp, published }] } },
});
const plain = desiredWorld({ services: { web: {} } }).services.get("web")!.spec;

test("planDeployment() is blocked where a stranger's container publishes the port, and leaves what runs alone", async () => {
  const host = await convergedHost(two);
  host.engine.host.addImage("stranger:1");
  host.engine.host.run("stranger", {
    ...plain,
    image: "stranger:1",
    ...publishing("443", "127.0.0.1").services["web"],
  });
  const plan = await host.plan(desiredWorld(publishing("443")), { commit: "c".repeat(40) });
  assert.deepEqual([lines(plan), causes(plan)], [[], []]);
  assert.deepEqual(plan.notices.map(({ resource, severity, message }) => [resource, severity, message]), [[
    "service/web",
    "error",
    'Cannot publish "443:80/tcp": container "stranger" outside this project has that port',
  ]]);
  for (const free of [publishing("444"), publishing("443", "127.0.0.2")]) {
    assert.deepEqual((await host.plan(desiredWorld(free), { commit: "c".repeat(40) })).notices, []);
  }
});

test("planDeployment() holds a service back that needs a newer Engine, instead of running it without", async () => {
  const healthcheck = { test: ["CMD", "true"], startIntervalMs: 1000 };
  const host = await convergedHost({ services: { web: {} } });
  const asking = desiredWorld({ services: { web: { healthcheck } } });
  const seen = await host.observe(asking);
  const observed = { ...seen, engine: { ...seen.engine, version: "20.10.24", apiVersion: "1.41" } };
  const plan = await host.plan(asking, { observed, commit: "c".repeat(40) });
  assert.deepEqual([lines(plan), plan.notices.map(({ message }) => message)], [[], [
    'Cannot run "web": healthcheck.start_interval needs Docker 25, and this is 20.10.24 (API 1.41)',
  ]]);
});

test("planDeployment() does not look for a gateway priority that the Engine does not know", async () => {
  const [network] = desiredWorld({ services: { web: {} } }).services.get("web")!.spec.networks;
  const withPriority: Wishes = { services: { web: { networks: [{ ...network!, gatewayPriority: 5 }] } } };
  const host = await convergedHost(withPriority);
  const seen = await seenAs(host, withPriority, { networks: [network!] });
  const observed = { ...seen, engine: { ...seen.engine, apiVersion: "1.41" } };
  assert.deepEqual(lines(await host.plan(desiredWorld(withPriority), { observed })), []);
});

test("planDeployment() keeps a network that git does not name any more while its containers cannot be replaced", async () => {
  const host = await convergedHost(two);
  const moved = desiredWorld({
    services: { ...two.services, web: { networks: [{ ...plain.networks[0]!, key: "other", name: "elsewhere" }] } },
    networks: { default: { external: true, name: "elsewhere" } },
  });
  const plan = await host.plan(moved, { commit: "c".repeat(40) });
  assert.deepEqual(plan.notices.map(({ resource }) => resource), ["service/web"]);
  assert.deepEqual(lines(plan).filter((line) => line.includes("network")), []);
});

test("planDeployment() mends what drifted although the new revision's image cannot be pulled", async () => {
  const host = await convergedHost(two);
  host.engine.host.exit("demo-db-1", 137);
  const moved = desiredWorld({ services: { ...two.services, web: { image: "nosuch:1" } } });
  const plan = await host.plan(moved, {
    commit: "c".repeat(40),
    files: { edited: [{ path: "compose.yaml", found: "edited" }], keys: [], secrets: [] },
  });
  const outcomes = await host.apply(plan.steps);
  const done = outcomes.filter((outcome) => outcome.result === "done").map(({ step }) =>
    `${step.kind} ${step.resource}`
  );
  assert.deepEqual(done, ["container.start service/db"]);
});

test("planDeployment() recreates nothing for a lost digest key", async () => {
  const bound: Wishes = {
    services: { web: { boundFiles: [{ target: "/etc/a.conf", origin: "checkout", path: "a.conf", digest: "x" }] } },
  };
  const host = await convergedHost(bound);
  const plan = await host.plan(desiredWorld(bound), { digestKey: digestKey(new Uint8Array(32).fill(9)) });
  assert.deepEqual(lines(plan), []);
});

test("planDeployment() tells what the host changed from what git changed in the same service", async () => {
  const host = await convergedHost(two);
  host.engine.host.update("demo-db-1", { restart: { name: "always" } });
  const changed = desiredWorld({ services: { ...two.services, db: { environment: { MODE: "fast" } } } });
  const plan = await host.plan(changed, { commit: "c".repeat(40), appliedDesired: desiredWorld(two) });
  assert.deepEqual(causes(plan), [
    "service/db changed recreate [environment MODE]",
    "service/db drifted recreate [restart policy]",
  ]);
});

test("planDeployment() creates nothing of a new revision before its files are in place", async () => {
  const plan = await new TestHost().plan(desiredWorld(two), {
    files: { edited: [{ path: "compose.yaml", found: "missing" }], keys: [], secrets: [] },
  });
  const creates = plan.steps.filter((step) => step.kind === "container.create");
  assert.deepEqual(creates.map((step) => step.needs.includes("files.switch")), [true, true]);
});
