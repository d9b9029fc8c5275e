import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerSpec } from "../../src/model/container.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import type { ImageDefaults, ObservedState } from "../../src/model/observed.ts";
import { madeBy } from "../../src/plan/findings.ts";
import type { PlanInput } from "../../src/plan/input.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { desiredWorld, type ServiceWish, TestHost, testKey } from "../support/world.ts";

interface Made {
  readonly host: TestHost;
  readonly desired: DesiredState;
  /** The host as an Engine answers that makes something else of the container. */
  readonly observed: ObservedState;
  readonly id: string;
}

async function madeAs(wish: ServiceWish, rewritten: Partial<ContainerSpec>, defaults?: ImageDefaults): Promise<Made> {
  const desired = desiredWorld({ services: { web: wish } });
  const host = new TestHost();
  host.engine.host.addImage("web:1", { defaults });
  await host.apply((await host.plan(desired)).steps);
  host.remember({ applied: "b".repeat(40) });
  const observed = answering(await host.observe(desired), rewritten);
  return { host, desired, observed, id: observed.containers[0]!.id };
}

function answering(observed: ObservedState, rewritten: Partial<ContainerSpec>): ObservedState {
  const containers = observed.containers.map((container) => ({
    ...container,
    spec: { ...container.spec, ...rewritten },
  }));
  return { ...observed, containers };
}

function causes({ differences }: Plan): string[] {
  return differences.map(({ cause }) =>
    `${cause.kind} ${"fields" in cause ? cause.fields.map(({ field }) => field).join(", ") : ""}`
  );
}

/** What a pass remembers of the container right after it made it. */
function remembered({ desired, observed }: Made) {
  const input = { desired, observed, digestKey: testKey, inventory: emptyInventory, ignore: [] };
  return madeBy(desired.services.get("web")!, observed.containers[0]!, {
    input: input as unknown as PlanInput,
    peers: new Map(),
  });
}

const emptyInventory = { services: {}, networks: [], volumes: [] };

test("a field that the Engine made otherwise than git says is no drift while it is as it was made", async () => {
  const made = await madeAs({ hostname: "web" }, { hostname: "web.local" });
  const { host, desired, observed, id } = made;
  const { asMade, findings } = remembered(made);
  assert.deepEqual(findings.map(({ key }) => key), ["hostname"]);
  const inventory = { ...emptyInventory, made: { [id]: asMade } };
  assert.deepEqual(causes(await host.plan(desired, { observed, inventory })), []);
  assert.deepEqual(causes(await host.plan(desired, { observed })), ["drifted hostname"]);
});

test("a field that moved since it was made is drift, and so is one that was made as git says", async () => {
  const made = await madeAs({ hostname: "web", user: "7" }, { hostname: "web.local" });
  const inventory = { ...emptyInventory, made: { [made.id]: remembered(made).asMade } };
  const observed = answering(made.observed, { hostname: "other", user: "8" });
  assert.deepEqual(causes(await made.host.plan(made.desired, { observed, inventory })), ["drifted user, hostname"]);
});

test("what an Engine made is kept as digests", async () => {
  const { asMade } = remembered(await madeAs({ hostname: "web" }, { hostname: "planted-secret" }));
  assert.match(asMade["hostname"]!, /^[0-9a-f]{16}$/);
});

const defaultsOfDaemon: Readonly<Record<string, Partial<ContainerSpec>>> = {
  "default-ulimits": { ulimits: { nofile: { soft: 900, hard: 1000 } } },
  "default-shm-size": { shmSizeBytes: 128 * 1024 * 1024 },
  "log-driver and log-opts": { logging: { driver: "local", options: { "max-size": "10m" } } },
  "default-ipc-mode": { ipc: "shareable" },
  "default-cgroupns-mode": { cgroup: "private" },
  "default-runtime": { runtime: "other" },
  "init": { init: true },
};
for (const [option, given] of Object.entries(defaultsOfDaemon)) {
  test(`what the daemon's ${option} gives a container is no drift`, async () => {
    const { host, desired, observed } = await madeAs({}, given);
    assert.deepEqual(causes(await host.plan(desired, { observed })), []);
  });
}

test("entries that the daemon adds to git's own are no drift, and git's own still count", async () => {
  const wish: ServiceWish = {
    ulimits: { nproc: { soft: 5, hard: 5 } },
    logging: { driver: "json-file", options: { "max-size": "1m" } },
  };
  const added = {
    ulimits: { nproc: { soft: 5, hard: 5 }, nofile: { soft: 900, hard: 1000 } },
    logging: { driver: "json-file", options: { "max-size": "1m", "max-file": "3" } },
  };
  const { host, desired, observed } = await madeAs(wish, added);
  assert.deepEqual(causes(await host.plan(desired, { observed })), []);
  const other = answering(observed, { ulimits: { nproc: { soft: 6, hard: 6 } } });
  assert.deepEqual(causes(await host.plan(desired, { observed: other })), ["drifted ulimits"]);
});

const rewritten: readonly (readonly [string, ServiceWish, Partial<ContainerSpec>])[] = [
  ["working_dir: /var/", { workingDir: "/var/" }, { workingDir: "/var" }],
  ["a MAC address in upper case", { macAddress: "02:42:AC:11:00:AA" }, { macAddress: "02:42:ac:11:00:aa" }],
  ["an IPv6 name server in another spelling", { dns: ["2001:DB8::1"] }, { dns: ["2001:db8:0:0::1"] }],
  ["a capability with its prefix", { capAdd: ["net_admin"] }, { capAdd: ["CAP_NET_ADMIN"] }],
  ["a signal by number", { stopSignal: "15" }, { stopSignal: "SIGTERM" }],
  ["a security option with a colon", { securityOpt: ["seccomp:unconfined"] }, { securityOpt: ["seccomp=unconfined"] }],
  [
    "a device's permissions in another order",
    { devices: [{ source: "/dev/null", target: "/dev/x", permissions: "mr" }] },
    { devices: [{ source: "/dev/null", target: "/dev//x", permissions: "rm" }] },
  ],
];
for (const [what, wish, answer] of rewritten) {
  test(`${what} is no drift where the Engine answers it otherwise`, async () => {
    const { host, desired, observed } = await madeAs(wish, answer);
    assert.deepEqual(causes(await host.plan(desired, { observed })), []);
  });
}

const image: ImageDefaults = {
  command: ["serve"],
  entrypoint: [],
  workingDir: "/srv/",
  user: "app",
  environment: { FROM_IMAGE: "1" },
  labels: { image: "1" },
  exposedPorts: ["80/tcp"],
  volumes: [],
  stopSignal: "SIGINT",
  healthcheck: { test: ["CMD", "true"], intervalMs: 1000 },
};

const commands: readonly (readonly [string, ServiceWish, Partial<ContainerSpec>])[] = [
  ["no command", {}, { command: ["serve"] }],
  ["an empty command", { command: [] }, { command: ["serve"] }],
  ["an empty entrypoint", { entrypoint: [] }, { entrypoint: undefined, command: ["serve"] }],
  ["an entrypoint", { entrypoint: ["/run"] }, { entrypoint: ["/run"], command: undefined }],
  ["an entrypoint of nothing", { entrypoint: [""] }, { entrypoint: undefined, command: undefined }],
];
for (const [what, wish, answer] of commands) {
  test(`${what} with an image that has a command is no drift, nor is the image's working directory once cleaned`, async () => {
    const { host, desired, observed } = await madeAs(wish, { workingDir: "/srv", ...answer }, image);
    assert.deepEqual(causes(await host.plan(desired, { observed })), []);
  });
}

/** As when the image was deleted under a container that does not run. */
function withoutImages(observed: ObservedState): ObservedState {
  return { ...observed, images: new Map() };
}

test("a finished job whose image was deleted does not run again", async () => {
  const wish: ServiceWish = { environment: { MINE: "1" }, healthcheck: { test: [], retries: 3 } };
  const { host, desired, observed } = await madeAs(wish, {}, image);
  assert.deepEqual(causes(await host.plan(desired, { observed: withoutImages(observed) })), []);
});

test("with the image gone, what git names is still compared", async () => {
  const { host, desired, observed } = await madeAs({ environment: { MINE: "1" }, user: "1" }, {
    environment: { MINE: "2", FROM_IMAGE: "1" },
    user: "2",
  }, image);
  const plan = await host.plan(desired, { observed: withoutImages(observed) });
  assert.deepEqual(causes(plan), ["drifted user, environment MINE"]);
});

test("what nobody knows the container was made with is compared where git names it only", async () => {
  const more = { environment: { PATH: "/usr/bin:/bin", HTTP_PROXY: "proxy" }, labels: { tool: "1" } };
  const { host, desired, observed, id } = await madeAs({}, more);
  assert.deepEqual(causes(await host.plan(desired, { observed })), []);
  const inventory = { ...emptyInventory, made: { [id]: {} } };
  const known = await host.plan(desired, { observed, inventory });
  assert.deepEqual(causes(known), ["drifted environment HTTP_PROXY, label tool"]);
});
