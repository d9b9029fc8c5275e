import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesiredState } from "../../src/model/desired.ts";
import { desiredWorld, type ServiceWish, TestHost } from "../support/world.ts";

const secret = "planted-secret";

/** One service whose values at these paths come from keys. */
function world(wish: ServiceWish, secretPaths: readonly string[] = []): DesiredState {
  const plain = desiredWorld({ services: { web: wish } });
  const { command, environment, labels } = plain.services.get("web")!.spec;
  const model = { name: "demo", services: { web: { command: [...command ?? []], environment, labels } } };
  return { ...plain, model, secretPaths: new Set(secretPaths.map((path) => `services.web.${path}`)) };
}

async function said(before: DesiredState, after: DesiredState): Promise<string[]> {
  const host = new TestHost();
  await host.converge(before);
  const plan = await host.plan(after, { commit: "c".repeat(40) });
  assert.equal(
    JSON.stringify(plan.differences).includes(secret),
    false,
    JSON.stringify(plan.differences, undefined, 1),
  );
  return plan.differences.flatMap(({ cause }) =>
    "fields" in cause ? cause.fields.map(({ field, want, have }) => `${field}: ${have} → ${want}`) : []
  ).map((words) => words.replaceAll(/‹\w{8}›/g, "‹…›"));
}

const cases = [
  {
    name: "a variable that comes from a key, by whatever name",
    before: world({ environment: { STORAGE: `${secret}-1` } }, ["environment.STORAGE"]),
    after: world({ environment: { STORAGE: `${secret}-2` } }, ["environment.STORAGE"]),
    says: ["environment STORAGE: ‹…› → ‹…›"],
  },
  {
    name: "a variable that came from a key, and that git names no more",
    before: world({ environment: { STORAGE: secret } }, ["environment.STORAGE"]),
    after: world({}),
    says: ["environment STORAGE: ‹…› → "],
  },
  {
    name: "a variable that came from a key, and has a value of git's own now",
    before: world({ environment: { STORAGE: secret } }, ["environment.STORAGE"]),
    after: world({ environment: { STORAGE: "disk" } }),
    says: ["environment STORAGE: ‹…› → ‹…›"],
  },
  {
    name: "a command that holds a key, and one that held it",
    before: world({ command: ["serve", `--with=${secret}`] }, ["command[1]"]),
    after: world({ command: ["serve"] }),
    says: ["command: ‹…› → ‹…›"],
  },
  {
    name: "a label whose name has dots",
    before: world({ labels: { "org.example.storage": secret } }, ["labels.org.example.storage"]),
    after: world({ labels: { "org.example.storage": `${secret}-2` } }, ["labels.org.example.storage"]),
    says: ["label org.example.storage: ‹…› → ‹…›"],
  },
];

for (const { name, before, after, says } of cases) {
  test(`planDeployment() masks ${name}`, async () => assert.deepEqual(await said(before, after), says));
}

test("planDeployment() shows what comes from no key", async () => {
  const before = world({ environment: { STORAGE: secret, MODE: "fast" } }, ["environment.STORAGE"]);
  const after = world({ environment: { STORAGE: secret, MODE: "slow" } }, ["environment.STORAGE"]);
  assert.deepEqual(await said(before, after), ["environment MODE: fast → slow"]);
});

for (const [kind, key] of [["networks", "back"], ["volumes", "data"]] as const) {
  test(`planDeployment() masks options of ${kind} that come from keys, and no other`, async () => {
    const revision = (value: string): DesiredState => ({
      ...desiredWorld({
        services: {},
        [kind]: { [key]: { driverOptions: { "share.by": value, mtu: value.slice(-1) } } },
      }),
      secretPaths: new Set([`${kind}.${key}.driver_opts.share.by`]),
    });
    const host = new TestHost();
    await host.converge(revision(`${secret}-1`));
    const { differences, notices } = await host.plan(revision(`${secret}-2`), { commit: "c".repeat(40) });
    const said = JSON.stringify([differences, notices]);
    assert.doesNotMatch(said, new RegExp(secret));
    assert.match(said, /"field":"driver option mtu","want":"2","have":"1"/);
    assert.match(said, /"field":"driver option share\.by","want":"‹\w{8}›","have":"‹\w{8}›"/);
  });

  test(`planDeployment() masks options of ${kind} that came from keys, and that git gives itself now`, async () => {
    const revision = (value: string, secretPaths: readonly string[]): DesiredState => ({
      ...desiredWorld({ services: {}, [kind]: { [key]: { driverOptions: { "share.by": value } } } }),
      secretPaths: new Set(secretPaths),
    });
    const host = new TestHost();
    await host.converge(revision(secret, [`${kind}.${key}.driver_opts.share.by`]));
    const same = await host.plan(revision(secret, []), { commit: "c".repeat(40) });
    assert.deepEqual([same.differences, same.notices], [[], []]);
    const { differences, notices } = await host.plan(revision("guest", []), { commit: "c".repeat(40) });
    const said = JSON.stringify([differences, notices]);
    assert.doesNotMatch(said, new RegExp(secret));
    assert.match(said, /"field":"driver option share\.by","want":"‹\w{8}›","have":"‹\w{8}›"/);
  });
}
