import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mount, NetworkSpec, VolumeSpec } from "../../src/model/container.ts";
import { digestKey } from "../../src/model/digest.ts";
import { composeLabel } from "../../src/model/labels.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import { describeStep } from "../../src/plan/describe.ts";
import { knownDefinitions } from "../../src/plan/known-definitions.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { minimalSpec } from "../support/container-spec.ts";
import { desiredWorld, TestHost, testKey, type Wishes } from "../support/world.ts";

type Wish = Partial<NetworkSpec>;

const next = { commit: "c".repeat(40) };
const option = "com.docker.network.driver.mtu";
const pool = {
  subnet: "10.78.0.0/16",
  gateway: "10.78.0.1",
  ipRange: "10.78.4.0/24",
  auxAddresses: { db: "10.78.0.9" },
};
const pool6 = { subnet: "fd00:77::/64", gateway: "fd00:77::1", auxAddresses: {} };
const ipam = (...configs: readonly NetworkSpec["ipam"]["configs"][number][]) => ({ ipam: { options: {}, configs } });

function world(wish: Wish, more: Partial<Wishes> = {}) {
  return desiredWorld({ services: { web: {}, db: {} }, ...more, networks: { default: wish } });
}

async function converged(wish: Wish): Promise<TestHost> {
  const host = new TestHost();
  await host.converge(world(wish));
  return host;
}

function said(plan: Plan): string[] {
  return [
    ...plan.differences.filter(({ resource }) => resource.startsWith("network/")).map(({ cause, action }) => {
      const fields = "fields" in cause ? cause.fields : [];
      return `${action}: ${cause.kind} ${
        fields.map(({ field, want, have }) => `${field} ${have} → ${want}`).join(", ")
      }`;
    }),
    ...plan.notices.map(({ severity, message, fields }) =>
      `${severity}: ${message}${fields.map(({ field, want, have }) => ` [${field} ${have} → ${want}]`).join("")}`
    ),
  ];
}

function steps(plan: Plan): string[] {
  return plan.steps.map((step) => describeStep(step).replaceAll(/\b[0-9a-f]{12}\b/g, "ID"));
}

const moves: readonly { readonly name: string; readonly before: Wish; readonly after: Wish; readonly says: string }[] =
  [
    {
      name: "an option",
      before: { driverOptions: { [option]: "1400" } },
      after: {},
      says: `driver option ${option} 1400 → `,
    },
    {
      name: "an option's value",
      before: { driverOptions: { [option]: "1400" } },
      after: { driverOptions: { [option]: "1500" } },
      says: `driver option ${option} 1400 → 1500`,
    },
    { name: "a label", before: { labels: { team: "ops" } }, after: {}, says: "label team ops → " },
    {
      name: "a label's value",
      before: { labels: { team: "ops" } },
      after: { labels: { team: "dev" } },
      says: "label team ops → dev",
    },
    { name: "internal", before: { internal: true }, after: {}, says: "internal true → false" },
    { name: "attachable", before: { attachable: true }, after: {}, says: "attachable true → false" },
    { name: "enable_ipv4", before: { enableIpv4: false }, after: {}, says: "IPv4 false → true" },
    { name: "enable_ipv6", before: { enableIpv6: true }, after: {}, says: "IPv6 true → false" },
    { name: "its driver", before: { driver: "macvlan" }, after: {}, says: "driver macvlan → bridge" },
    {
      name: "its subnets",
      before: ipam(pool6),
      after: {},
      says: "subnets fd00:77::/64 gateway fd00:77::1 → ",
    },
    {
      name: "an address",
      before: ipam(pool),
      after: ipam({ ...pool, auxAddresses: { db: "10.78.0.10" } }),
      says: "subnets 10.78.0.0/16 range 10.78.4.0/24 gateway 10.78.0.1 db=10.78.0.9 → " +
        "10.78.0.0/16 range 10.78.4.0/24 gateway 10.78.0.1 db=10.78.0.10",
    },
  ];

for (const { name, before, after, says } of moves) {
  test(`planNetworks() replaces a network of which git takes out or changes ${name}, and says so`, async () => {
    const host = await converged(before);
    assert.deepEqual(said(await host.plan(world(before))), []);
    assert.deepEqual(said(await host.plan(world(after), next)), [`replace: changed ${says}`]);
    await host.converge(world(after));
    assert.deepEqual(said(await host.plan(world(after))), []);
    const [field] = says.split(/ (?=\S+ → )/);
    const [back] = said(await host.plan(world(before), next));
    assert.ok(back?.startsWith(`replace: changed ${field!.split(" ").slice(0, 1).join(" ")}`), back);
  });
}

const spellings: readonly { readonly name: string; readonly one: Wish; readonly other: Wish }[] = [
  { name: "subnets in another order", one: ipam(pool6, pool), other: ipam(pool, pool6) },
  {
    name: "addresses in another spelling",
    one: ipam(pool6, { ...pool, ipRange: "10.78.4.7/24" }),
    other: ipam({ subnet: "FD00:0077:0:0::9/64", gateway: "FD00:77:0::1", auxAddresses: {} }, pool),
  },
  {
    name: "defaults written out",
    one: { driver: "bridge", ipam: { driver: "default", options: {}, configs: [] } },
    other: {},
  },
];
for (const { name, one, other } of spellings) {
  test(`planNetworks() takes ${name} for the same, in git and on the host`, async () => {
    const host = await converged(one);
    assert.deepEqual(said(await host.plan(world(other), next)), []);
    const observed = await host.observe(world(one));
    const networks = observed.networks.map((each) => ({
      ...each,
      id: "e".repeat(64),
      spec: { ...each.spec, ...(other.ipam?.configs.length ? { ipam: other.ipam } : {}) },
    }));
    assert.deepEqual(said(await host.plan(world(one), { observed: { ...observed, networks } })), []);
  });
}

/** The host as docker-compose 1.29 leaves it: its networks attachable and without a hash, its containers without ours. */
async function madeByCompose1(wish: Wish): Promise<TestHost> {
  const host = new TestHost();
  const { networks, services } = world({ attachable: true, ...wish });
  const { spec } = networks.get("default")!;
  const project = { [composeLabel.project]: "demo" };
  host.engine.host.addNetwork(spec, { ...project, [composeLabel.network]: "default" });
  for (const { key, name, spec } of services.values()) {
    host.engine.host.addImage(spec.image);
    const labels = {
      ...project,
      [composeLabel.service]: key,
      [composeLabel.configHash]: "of 1.29",
      [composeLabel.oneoff]: "False",
    };
    host.engine.host.run(name.replaceAll("-", "_"), spec, labels);
  }
  return host;
}

test("planDeployment() takes over what docker-compose 1.29 made: renamed, never disconnected", async () => {
  const host = await madeByCompose1({});
  const desired = world({});
  const services = new Map([...desired.services].map(([key, service]) => {
    const networks = service.spec.networks.map((each) => ({
      ...each,
      aliases: [service.name, ...each.aliases].sort(),
    }));
    return [key, { ...service, spec: { ...service.spec, networks } }];
  }));
  const plan = await host.plan({ ...desired, services });
  assert.deepEqual(steps(plan).filter((step) => !step.includes("files")), [
    "~ rename service/db ID to demo-db-1 (changed)",
    "~ rename service/web ID to demo-web-1 (changed)",
  ]);
  assert.deepEqual(said(plan), []);
});

test("planNetworks() leaves a network that Compose made otherwise than git says, and tells it", async () => {
  const host = await madeByCompose1({ internal: true });
  assert.deepEqual(said(await host.plan(world({ labels: { team: "ops" } }))), [
    'warning: Network "demo_default" was there before holdfast and has other options than git: it is left as it is' +
    " [internal true → false] [label team  → ops]",
  ]);
});

test("planNetworks() replaces a network that was taken over, when git changes what it says of it", async () => {
  const host = await madeByCompose1({});
  const before = world({});
  const definitions = knownDefinitions({}, { desired: before, observed: await host.observe(before), key: testKey });
  host.remember({ applied: "b".repeat(40), inventory: { services: {}, networks: [], volumes: [], definitions } });
  assert.deepEqual(said(await host.plan(before)), []);
  assert.deepEqual(said(await host.plan(world({ attachable: true }), next)), []); // it is so already
  assert.deepEqual(said(await host.plan(world({ internal: true }), next)), ["replace: changed internal false → true"]);
  const desired = world({ internal: true });
  const again = knownDefinitions(definitions, { desired, observed: await host.observe(desired), key: testKey });
  assert.deepEqual(again, definitions); // until it is made again
  const lost = { desired, observed: await host.observe(desired), key: digestKey(new Uint8Array(32).fill(8)) };
  assert.notDeepEqual(knownDefinitions(definitions, lost), definitions);
});

test("planVolumes() tells a volume whose definition git changes, with its fields, and touches none", async () => {
  const volumes = (spec: Partial<VolumeSpec>) => desiredWorld({ services: {}, volumes: { data: spec } });
  const host = new TestHost();
  const before = volumes({ driverOptions: { type: "tmpfs", o: "size=1m" }, labels: { team: "ops" } });
  await host.converge(before);
  assert.deepEqual(said(await host.plan(before)), []);
  const plan = await host.plan(volumes({ driverOptions: { type: "tmpfs" } }), next);
  assert.deepEqual(said(plan), [
    'warning: Volume "demo_data" was made from another definition than git has now: it keeps its data and is not changed' +
    " [driver option o size=1m → ] [label team ops → ]",
  ]);
  assert.deepEqual(plan.steps, []);
});

test("planNetworks() takes the word of Compose's hash that git moved, where the network shows it", async () => {
  const host = new TestHost();
  const made = world({ driverOptions: { [option]: "1400" } }).networks.get("default")!;
  const labels = {
    [composeLabel.project]: "demo",
    [composeLabel.network]: "default",
    [composeLabel.configHash]: made.configHash,
  };
  host.engine.host.addNetwork(made.spec, labels);
  assert.deepEqual(said(await host.plan(world({ driverOptions: { [option]: "1400" } }))), []);
  assert.deepEqual(said(await host.plan(world({}))), [`replace: changed driver option ${option} 1400 → `]);
});

/** The host with its one network seen otherwise. */
async function seenAs(
  host: TestHost,
  change: (network: ObservedState["networks"][number]) => ObservedState["networks"],
) {
  const observed = await host.observe(world({}));
  return { observed: { ...observed, networks: observed.networks.flatMap(change) } };
}

test("planNetworks() replaces a network that somebody made again with other options, once", async () => {
  const host = await converged({});
  const seen = await seenAs(host, (each) => [{ ...each, spec: { ...each.spec, internal: true } }]);
  const [network] = seen.observed.networks;
  const record = (id: string) => ({
    inventory: {
      services: {},
      networks: [],
      volumes: [],
      definitions: { "network/demo_default": { id, digest: "v1:another", fields: {} } },
    },
  });
  assert.deepEqual(said(await host.plan(world({}), { ...seen, ...record("0".repeat(64)) })), [
    "replace: drifted internal true → false",
  ]);
  assert.deepEqual(said(await host.plan(world({}), { ...seen, ...record(network!.id) })), [
    'warning: Network "demo_default" was made as git says, and this Engine made something else of it' +
    " [internal true → false]",
  ]);
});

test("planNetworks() replaces no network that a stopped container of others is on, and names it", async () => {
  const host = await converged({});
  const guest = minimalSpec("web:1", {
    networks: [{ key: "default", name: "demo_default", aliases: [], linkLocalIps: [], driverOptions: {} }],
  });
  host.engine.host.run("guest", guest);
  host.engine.host.exit("guest");
  const plan = await host.plan(world({ internal: true }), next);
  assert.deepEqual(said(plan), [
    `error: Cannot replace network "demo_default": containers that are not this deployment's use it: guest (stopped)` +
    " [internal false → true]",
  ]);
  assert.deepEqual(steps(plan), []);
  const without = desiredWorld({ services: {}, networks: { default: { name: "elsewhere" } } });
  assert.deepEqual(said(await host.plan(without, next)).filter((line) => line.includes("kept")), [
    `warning: Network "demo_default" is in no revision, and is kept: containers that are not this deployment's use it: guest (stopped)`,
  ]);
});

test("planDeployment() tells of a network and a volume that have names of ours and are somebody's", async () => {
  const desired = world({}, { volumes: { data: {} } });
  const host = new TestHost();
  host.engine.host.addNetwork(desired.networks.get("default")!.spec);
  host.engine.host.addVolume(desired.volumes.get("data")!.spec, { [composeLabel.project]: "other" });
  assert.deepEqual(said(await host.plan(desired)), [
    'warning: Network "demo_default" is used as it is: neither Compose nor holdfast made it',
    'warning: Volume "demo_data" is used as it is: it was made for project "other"',
  ]);
});

test("planDeployment() touches nothing where two networks have one name, and says which to remove", async () => {
  const host = await converged({});
  const seen = await seenAs(host, (each) => [each, { ...each, id: "f".repeat(64), members: [] }]);
  const plan = await host.plan(world({ internal: true }), { ...next, ...seen });
  assert.match(
    said(plan).join(),
    /^error: 2 networks are called "demo_default": \w{12} \(used by demo-db-1, demo-web-1\), f{12} \(unused\)/,
  );
  assert.deepEqual(plan.notices.map(({ hint }) => hint), [
    "remove the one that is not used: docker network rm ffffffffffff",
  ]);
  assert.deepEqual(steps(plan), []);
});

test("planDeployment() connects a stopped container to the network that was made again, and does not start it", async () => {
  const host = new TestHost();
  const wishes = (internal: boolean) =>
    desiredWorld({
      services: {
        job: { restart: { name: "no" } },
        web: { dependsOn: [{ service: "job", condition: "service_completed_successfully" }] },
      },
      networks: { default: { internal } },
    });
  host.engine.host.addImage("job:1", { behaviour: { kind: "exits", exitCode: 0 } });
  host.engine.host.addImage("web:1");
  const first = await host.plan(wishes(false));
  await host.apply(first.steps);
  host.remember({ applied: "b".repeat(40) });
  const plan = await host.plan(wishes(true), next);
  assert.deepEqual(steps(plan).filter((step) => step.includes("job")), [
    "~ connect service/job ID to demo_default (changed)",
  ]);
  await host.apply(plan.steps);
  assert.deepEqual(steps(await host.plan(wishes(true), next)), []);
});

test("planDeployment() connects fixed addresses before others, and members whose service has to wait, too", async () => {
  const host = new TestHost();
  const [plain] = world({}).services.get("web")!.spec.networks;
  const lost: Mount = { type: "volume", source: "lost", target: "/lost", readOnly: false };
  const wishes = (internal: boolean): Wishes => ({
    services: {
      a: {},
      blocked: internal ? { mounts: [lost] } : {},
      z: { networks: [{ ...plain!, aliases: ["z"], ipv4Address: "172.18.0.2" }] },
    },
    networks: { default: { internal } },
    ...(internal ? { volumes: { lost: { name: "lost", external: true } } } : {}),
  });
  await host.converge(desiredWorld(wishes(false)));
  const plan = await host.plan(desiredWorld(wishes(true)), next);
  const connects = plan.steps.filter(({ kind }) => kind === "network.connect");
  assert.deepEqual(connects.map(({ resource }) => resource), ["service/z", "service/a", "network/default"]);
  for (const { resource, needs } of connects.slice(1)) assert.ok(needs.includes(connects[0]!.id), resource);
});

test("planDeployment() tells two networks of one container apart, one called as another is keyed", async () => {
  const [plain] = world({}).services.get("web")!.spec.networks;
  const front = { ...plain!, key: "front", name: "demo_front", aliases: ["web", "www"] };
  const desired = desiredWorld({ services: { web: { networks: [front] } }, networks: { front: {} } });
  const host = new TestHost();
  await host.converge(desired);
  const { spec } = world({ name: "front" }).networks.get("default")!;
  host.engine.host.addNetwork(spec);
  host.engine.host.connect("demo-web-1", { ...plain!, name: "front" });
  host.engine.host.disconnect("demo-web-1", "demo_front");
  assert.deepEqual(steps(await host.plan(desired)).sort(), [
    "~ connect service/web ID to demo_front (drifted)",
    "~ disconnect service/web ID from front (drifted)",
  ]);
});
