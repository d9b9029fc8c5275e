import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, test } from "node:test";
import { until } from "../support/until.ts";
import { createHost, keyText } from "./host.ts";
import { allRun, apply, assertConverged, look, readInContainer, served, statusOf, touched, tree } from "./judge.ts";

const host = await createHost("converge");
after(() => host.dispose());

/** Waits until the agent has asked the git server so many times more. */
async function morePolls(count: number): Promise<void> {
  const asked = host.server.count("ls-refs");
  await until("the agent to ask for new commits", () => host.server.count("ls-refs") >= asked + count);
}

test("plan on a host with nothing on it tells all that is missing, and changes nothing", async () => {
  const { code, stdout } = await host.holdfast("plan");
  assert.equal(code, 2);
  for (const resource of ["network/default", "volume/data", "service/api", "service/db", "service/web"]) {
    assert.match(stdout, new RegExp(`\\+ ${resource} +missing`));
  }
  assert.deepEqual(host.proxy.changingCalls(), []);
  assert.deepEqual([...tree(host.folders.runtime)], []);
  assert.equal(existsSync(host.folders.state), false);
  assert.deepEqual(await look(host), new Map());
});

test("apply brings a first revision from http to the host: services, their files, their keys, the port", async () => {
  const { stdout, stderr } = await apply(host);
  assert.match(stdout, /^demo: converged at [0-9a-f]{7}\n$/);
  assert.match(stderr, /demo {2}converged at /);
  const scene = await look(host);
  assert.deepEqual(statusOf(scene), allRun);
  assert.equal(await served(host), "first\n");
  assert.equal(await readInContainer(host, scene.get("api")!.Id, "/run/api.key"), keyText);
  assert.equal(scene.get("web")!.HostConfig.Memory, 64 * 1024 * 1024);
  assert.deepEqual(scene.get("db")!.Mounts.map(({ Name, Destination }) => [Name, Destination]), [[
    `${host.project}_data`,
    "/data",
  ]]);
});

test("plan after apply is empty, and asks git for nothing but its refs", async () => {
  const fetched = host.server.count("fetch");
  const asked = host.server.count("info/refs");
  host.proxy.calls.length = 0;
  await assertConverged(host);
  assert.deepEqual([host.server.count("fetch"), host.server.count("info/refs")], [fetched, asked + 1]);
  assert.deepEqual(host.proxy.changingCalls(), []);
});

test("apply after apply touches no container, makes no changing call and says only how it ended", async () => {
  const before = await look(host);
  host.proxy.calls.length = 0;
  const { stdout } = await apply(host);
  assert.match(stdout, /^demo: converged/);
  assert.deepEqual(host.proxy.changingCalls(), []);
  assert.deepEqual(touched(before, await look(host)), []);
});

test("plan of a new commit makes no changing call and leaves checkout, keys and memory as they were", async () => {
  await host.push({ "site/index.html": "second\n", "keys.tar.gpg": await host.seal({ "api.key": "another key" }) });
  const { checkout, runtime, state } = host.folders;
  const untouched = () =>
    [...tree(checkout), ...tree(runtime), ...tree(state)].filter(([path]) => !path.startsWith(`${state}/git/`));
  const before = untouched();
  host.proxy.calls.length = 0;
  const { code, stdout } = await host.holdfast("plan");
  assert.equal(code, 2, stdout);
  assert.match(stdout, /service\/web +changed/);
  assert.match(stdout, /service\/api +changed/);
  assert.deepEqual(host.proxy.changingCalls(), []);
  assert.deepEqual(untouched(), before);
  await apply(host);
  assert.equal(await served(host), "second\n");
});

test("run passes quietly: one listing of refs a poll, one list call each, nothing in the journal", async () => {
  await using agent = host.start();
  await agent.line(/converged at/);
  await morePolls(2); // its own events are over
  const told = agent.journal.length;
  host.proxy.calls.length = 0;
  host.server.requests.length = 0;
  await morePolls(3);
  assert.deepEqual([...new Set(host.server.requests.map(({ kind }) => kind))], ["ls-refs"]);
  assert.equal(new Set(host.server.requests.map(({ connection }) => connection)).size, 1);
  assert.deepEqual(host.proxy.changingCalls(), []);
  assert.deepEqual(host.proxy.calls.filter(({ path }) => /^\/containers\/[0-9a-f]{64}\/json/.test(path)), []);
  assert.deepEqual(agent.journal.slice(told), []);
});

test("apply brings a revision from a local path", async () => {
  await using other = await createHost("local");
  await other.configure({ repository: other.repository.bare });
  await apply(other);
  assert.deepEqual(statusOf(await look(other)), allRun);
  assert.equal(other.server.requests.length, 0);
  await assertConverged(other);
});
