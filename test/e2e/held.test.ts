import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { composeFile, createHost, manifest } from "./host.ts";
import { allRun, apply, assertConverged, look, served, statusOf, touched } from "./judge.ts";

const host = await createHost("held");
after(() => host.dispose());
before(() => apply(host));

const compose = composeFile(host);
const privileged = compose.replace("    mem_limit: 64m\n", "    mem_limit: 64m\n    privileged: true\n");

async function status() {
  const { code, stdout } = await host.holdfast("status", "--format", "json");
  assert.equal(code, 0);
  return JSON.parse(stdout).deployments[0];
}

test("a commit that a policy denies is held: the containers stay, the commands say so, with the place", async () => {
  const first = await look(host);
  const { applied: { commit: applied } } = await status();
  const denied = await host.push({ "compose.yaml": privileged });
  const { stderr, stdout } = await apply(host, 3);
  assert.match(stderr, /denied: \S+ service\/web: "privileged" is true.* \(compose\.yaml:6\)/);
  assert.match(stdout, new RegExp(`^demo: held at ${applied.slice(0, 7)}: ${denied.slice(0, 7)} is denied by policy `));
  assert.deepEqual(touched(first, await look(host)), []);

  const { state, hold, applied: still, tip } = await status();
  assert.deepEqual([state, hold.kind, hold.commit, still.commit, tip.commit], [
    "held",
    "denied",
    denied,
    applied,
    denied,
  ]);
  assert.equal((await host.holdfast("plan")).code, 3);
});

test("drift of the applied revision is corrected while a newer one is held", async () => {
  const first = await look(host);
  await host.engine.docker.getContainer(first.get("db")!.Id).kill();
  assert.equal((await host.holdfast("plan")).code, 2);
  const { stderr } = await apply(host, 3);
  assert.match(stderr, /! service\/db +drifted/);
  const scene = await look(host);
  assert.deepEqual([touched(first, scene), statusOf(scene)], [["db"], allRun]);
});

test("the next good commit ends the hold", async () => {
  const good = await host.push({ "compose.yaml": compose.replace("GREETING: hello", "GREETING: welcome") });
  const { stdout } = await apply(host);
  assert.match(stdout, new RegExp(`^demo: converged at ${good.slice(0, 7)}`));
  const { state, hold } = await status();
  assert.deepEqual([state, hold], ["converged", undefined]);
  await assertConverged(host);
});

const failing = [
  {
    name: "whose container exits at once",
    image: ["exits:1", { cmd: ["/bin/sh", "-c", "echo no configuration; exit 3"] }],
    keys: 'restart: "no"',
    reason: /service\/web exited with 3/,
  },
  {
    name: "whose container does not become healthy",
    image: ["sick:1", { healthcheck: "--interval=1s --retries=2 CMD false" }],
    keys: "restart: unless-stopped",
    reason: /service\/web its health check fails/,
  },
  {
    name: "whose container listens on no port that it publishes",
    image: ["deaf:1", {}],
    keys: "restart: unless-stopped",
    reason: /port\/127\.0\.0\.1:\d+:? does not answer/,
  },
  {
    name: "whose program does not exist",
    image: ["hollow:1", { cmd: ["/bin/nothing"] }],
    keys: "restart: unless-stopped",
    reason: /no such file or directory/,
  },
] as const;

for (const { name, image: [tag, options], keys, reason } of failing) {
  test(`a revision ${name} goes back to its predecessor's own container, and is held until git moves`, async () => {
    const first = await look(host);
    const image = await host.image(tag, options);
    const broken = await host.push({
      "compose.yaml": compose.replace(`${host.project}/web:1`, image).replace("restart: unless-stopped", keys),
      "holdfast.yaml": manifest(host, "{ running: 1s, timeout: 4s }"),
      "site/index.html": "broken\n",
    });
    const { stderr } = await apply(host, 3);
    assert.match(stderr, reason);
    assert.match(stderr, /rolling back to [0-9a-f]{7} .* failed: [^]*rolled back in/);
    if (tag === "exits:1") assert.match(stderr, /\| no configuration/);
    const scene = await look(host);
    assert.equal(scene.get("web")!.Id, first.get("web")!.Id);
    assert.deepEqual(statusOf(scene), allRun);
    assert.equal(await served(host), "first\n");
    const { state, hold } = await status();
    assert.deepEqual([state, hold.kind, hold.commit], ["held", "failed", broken]);
    assert.match(hold.reason, reason);

    assert.equal((await host.holdfast("plan")).code, 3);
    await apply(host, 3);
    assert.deepEqual(touched(scene, await look(host)), []);

    await host.push({ "compose.yaml": compose, "holdfast.yaml": manifest(host), "site/index.html": "first\n" });
    await apply(host);
  });
}

test("with onFailure: hold the revision that failed stays as it is, for people to look at", async () => {
  const first = await look(host);
  const broken = await host.push({
    "compose.yaml": compose.replace(`${host.project}/web:1`, await host.image("deaf:2")),
    "holdfast.yaml": manifest(host, "{ running: 1s, timeout: 3s, onFailure: hold }"),
  });
  await apply(host, 1);
  const scene = new Map([...await lookBeside()].map((each) => [each.Name, each]));
  const web = scene.get(`/${host.project}-web-1`)!;
  assert.notEqual(web.Id, first.get("web")!.Id);
  assert.equal(web.State.Status, "running");
  const { state, hold } = await status();
  assert.deepEqual([state, hold.kind, hold.commit], ["failed", "failed", broken]);
  await host.push({ "compose.yaml": compose, "holdfast.yaml": manifest(host) });
  await apply(host);
  assert.deepEqual(statusOf(await look(host)), allRun);
  await assertConverged(host);
});

/** Every container of the project, predecessors that are kept among them. */
async function lookBeside() {
  const filters = { label: [`com.docker.compose.project=${host.project}`] };
  const listed = await host.engine.docker.listContainers({ all: true, filters });
  return await Promise.all(listed.map(({ Id }) => host.engine.docker.getContainer(Id).inspect()));
}

test("a first revision that fails stays as it is, visible, and the next commit replaces it", async () => {
  await using other = await createHost("first");
  await other.image("deaf:1");
  await other.push({
    "compose.yaml": composeFile(other).replace(`${other.project}/web:1`, `${other.project}/deaf:1`),
    "holdfast.yaml": manifest(other, "{ running: 1s, timeout: 3s }"),
  });
  const { stderr } = await apply(other, 1);
  assert.match(stderr, /port\/127\.0\.0\.1:\d+: does not answer/);
  assert.deepEqual(statusOf(await look(other)), allRun);
  await other.push({ "compose.yaml": composeFile(other), "holdfast.yaml": manifest(other) });
  await apply(other);
  assert.deepEqual([statusOf(await look(other)), await served(other)], [allRun, "first\n"]);
});
