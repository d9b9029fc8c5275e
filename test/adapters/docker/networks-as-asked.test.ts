import assert from "node:assert/strict";
import { after, test } from "node:test";
import { dockerEngine } from "../../../src/adapters/docker/docker-engine.ts";
import { applySteps } from "../../../src/agent/apply.ts";
import type { DesiredState } from "../../../src/model/desired.ts";
import type { Inventory } from "../../../src/model/ledger.ts";
import { knownDefinitions } from "../../../src/plan/known-definitions.ts";
import { planDeployment } from "../../../src/plan/plan-deployment.ts";
import { freshProject, removeProject, testEngine } from "../../support/engine.ts";
import { desiredWorld, testClock, testKey, type Wishes } from "../../support/world.ts";

type NetworkWishes = NonNullable<Wishes["networks"]>;

const host = await testEngine();
after(() => host.dispose());
const engine = dockerEngine({ host: `unix://${host.socket}` });
const never = new AbortController().signal;
const project = await freshProject(host, "asked");
after(() => removeProject(host, project));
const mtu = "com.docker.network.driver.mtu";
const pools = (...configs: readonly object[]) => ({ ipam: { options: {}, configs } }) as NetworkWishes[string];
const pool = { subnet: "10.213.0.0/16", auxAddresses: {} };
const pool6 = { subnet: "fd00:d13::/64", auxAddresses: {} };

/** Each key of a network, in more than one spelling where it has any, and what git says of it later. */
const networks: Readonly<Record<string, readonly [now: NetworkWishes[string], later: NetworkWishes[string]]>> = {
  plain: [{}, { labels: { team: "ops" } }],
  driver: [{ driver: "bridge" }, { internal: true }],
  options: [{ driverOptions: { [mtu]: "1400", "com.docker.network.bridge.enable_icc": "FALSE" } }, {}],
  internal: [{ internal: true }, {}],
  attachable: [{ attachable: true }, {}],
  labels: [{ labels: { team: "", "a.b": "1" } }, { labels: { team: "" } }],
  subnet: [pools(pool), {}],
  range: [
    pools({
      subnet: "10.214.0.0/16",
      ipRange: "10.214.3.0/24",
      gateway: "10.214.0.9",
      auxAddresses: { b: "10.214.0.21", a: "10.214.0.20" },
    }),
    pools({ subnet: "10.214.0.0/16", auxAddresses: {} }),
  ],
  ipv6: [{ enableIpv6: true, ...pools(pool6, { subnet: "10.215.0.0/16", auxAddresses: {} }) }, {}],
  spelled: [
    { enableIpv6: true, ...pools({ subnet: "FD00:0D14:0:0::/64", gateway: "fd00:d14:0::9", auxAddresses: {} }) },
    { enableIpv6: true, ...pools({ subnet: "fd00:d14::/64", auxAddresses: {} }) },
  ],
};
const wishes = (which: 0 | 1): NetworkWishes =>
  Object.fromEntries(
    Object.entries(networks).map(([key, wish]) => [key, { name: `${project}_${key}`, ...wish[which] }]),
  );

function desired(given: NetworkWishes): DesiredState {
  const world = desiredWorld({ services: {}, networks: { default: { external: true, name: "bridge" }, ...given } });
  return { ...world, project };
}

async function planFor(want: DesiredState, definitions?: Inventory["definitions"]) {
  const observed = await engine.observe({
    project,
    containerNames: [],
    networkNames: [...want.networks.values()].map(({ spec }) => spec.name),
    volumeNames: [],
    images: [],
    full: true,
  }, never);
  const plan = planDeployment({
    deployment: "asked",
    commit: "b".repeat(40),
    appliedCommit: "b".repeat(40),
    goingBack: false,
    desired: want,
    observed,
    inventory: { services: {}, networks: [], volumes: [], ...(definitions && { definitions }) },
    digestKey: testKey,
    configFiles: [],
    files: { edited: [], keys: [], secrets: [] },
    now: new Date(),
    runningMs: 0,
    waitTimeoutSeconds: 60,
    ignore: [],
  });
  const told = [...plan.differences.map(({ resource, cause }) => `${resource} ${cause.kind}`), ...plan.notices];
  return { observed, plan, told };
}

test("planNetworks() finds nothing in what an Engine made of every key and spelling, and each key that git changes", async () => {
  const first = desired(wishes(0));
  const { plan } = await planFor(first);
  const outcomes = await applySteps(plan.steps, {
    engine,
    clock: testClock(),
    parallel: 4,
    switchFiles: () => Promise.resolve(),
  }, never);
  assert.deepEqual(outcomes.map(({ error }) => error?.message).filter(Boolean), []);

  const made = await planFor(first);
  assert.deepEqual(made.told, []); // also with nothing remembered
  const definitions = knownDefinitions({}, { desired: first, observed: made.observed, key: testKey });
  assert.deepEqual((await planFor(first, definitions)).told, []);

  const second = desired(wishes(1));
  const moved = await planFor(second, definitions);
  assert.deepEqual(moved.told, Object.keys(networks).sort().map((key) => `network/${key} changed`));
  for (const { cause } of moved.plan.differences) assert.ok("fields" in cause && cause.fields.length > 0);
  const replaced = await applySteps(moved.plan.steps, {
    engine,
    clock: testClock(),
    parallel: 4,
    switchFiles: () => Promise.resolve(),
  }, never);
  assert.deepEqual(replaced.map(({ error }) => error?.message).filter(Boolean), []);
  assert.deepEqual((await planFor(second)).told, []);
});
