import assert from "node:assert/strict";
import { test } from "node:test";
import { applyOnce, planOnce } from "../../src/agent/one-pass.ts";
import { Revisions } from "../../src/agent/revisions.ts";
import type { Report } from "../../src/report/report.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";

const calm = new AbortController().signal;

const manifest = `project: demo
keys: { bundle: keys.gpg, into: keys }
verify: { running: 0s, timeout: 5s }
`;
const bundle = JSON.stringify({ "api.key": "the key" });

/** Services by key, each with its Compose keys beyond `image`, in flow style. */
function revision(services: Readonly<Record<string, string>>, more: Files = {}): Files {
  const compose = Object.entries(services).map(([key, keys]) =>
    `  ${key}: { ${keys.includes("image:") ? keys : `image: "example/${key}:1", ${keys}`} }\n`
  );
  return { "holdfast.yaml": manifest, "compose.yaml": `services:\n${compose.join("")}`, "keys.gpg": bundle, ...more };
}

const good = revision({ web: "", db: "" });
const withKey = revision({ web: 'volumes: ["./keys/api.key:/run/api.key:ro"]', db: "" });
const denied = revision({ web: "privileged: true", db: "" });
const broken = revision({ web: "imagee: typo", db: "" });

async function converged(files: Files = good): Promise<MemoryDeployment> {
  const world = memoryDeployment();
  for (const key of ["web", "db"]) world.engine.host.publishImage(`example/${key}:1`);
  world.push(files);
  const report = await applyOnce(world.deployment, calm);
  assert.equal(report.converged, true, JSON.stringify([report.error, report.issues, report.outcomes], undefined, 1));
  return world;
}

function causes({ plan }: Report): string[] {
  return plan!.differences.map(({ resource, cause }) => `${resource} ${cause.kind}`);
}

test("applyOnce() converges a first revision, and the next pass finds nothing to do and writes nothing down", async () => {
  const world = await converged();
  assert.equal(world.ledger().applied?.commit, (await planOnce(world.deployment, calm)).tip?.commit);
  const written = world.counts.writeLedger;
  const quiet = await applyOnce(world.deployment, calm);
  assert.deepEqual([quiet.converged, quiet.outcomes, causes(quiet)], [true, [], []]);
  assert.equal(world.counts.writeLedger, written);
});

test("a revision is read and opened once, however many passes enforce it", async () => {
  const world = await converged();
  const { read, decrypt } = world.counts;
  for (let passes = 0; passes < 3; passes++) await applyOnce(world.deployment, calm);
  assert.deepEqual([world.counts.read, world.counts.decrypt], [read, decrypt]);
});

test("a bundle is not opened again for a commit that leaves it alone, and is for one that changes it", async () => {
  const world = await converged();
  world.push({ ...good, "README.md": "words" });
  await applyOnce(world.deployment, calm);
  assert.equal(world.counts.decrypt, 1);
  world.push({ ...good, "keys.gpg": JSON.stringify({ "api.key": "another key" }) });
  const report = await applyOnce(world.deployment, calm);
  assert.equal(report.converged, true);
  assert.equal(world.counts.decrypt, 2);
});

test("a bundle is opened again when the passphrase changes", async () => {
  const world = await converged();
  world.setPassphrase("wrong");
  const report = await applyOnce(world.deployment, calm);
  assert.equal(report.error?.code, "KEYS_DECRYPT");
  world.setPassphrase("right");
  assert.equal((await applyOnce(world.deployment, calm)).converged, true);
});

test("drift of the applied revision is corrected while its bundle cannot be opened again, and the report says so", async () => {
  const world = await converged();
  world.setPassphrase("wrong");
  world.engine.host.exit("demo-web-1");
  const report = await applyOnce(world.deployment, calm);
  assert.deepEqual(causes(report), ["service/web drifted"]);
  assert.deepEqual(report.outcomes.map((outcome) => outcome.result), ["done"]);
  assert.equal(report.error?.code, "KEYS_DECRYPT");
});

/** As another process finds it. */
function restarted({ deployment }: MemoryDeployment): MemoryDeployment["deployment"] {
  return { ...deployment, revisions: new Revisions() };
}

for (
  const [name, act] of [
    ["its passphrase is spoiled", () => {}],
    [
      "its passphrase is spoiled and git moved",
      (world: MemoryDeployment) => void world.push({ ...withKey, "a.txt": "" }),
    ],
    [
      "its passphrase is spoiled while a revision that failed is held",
      async (world: MemoryDeployment) => {
        world.engine.host.publishImage("example/broken:1", { behaviour: { kind: "exits", exitCode: 3 } });
        world.push(revision({ web: 'image: "example/broken:1"', db: "" }));
        assert.equal((await applyOnce(world.deployment, calm)).hold?.kind, "failed");
      },
    ],
  ] as const
) {
  test(`an agent that starts while ${name} corrects drift with the keys that are in place`, async () => {
    const world = await converged(withKey);
    await act(world);
    world.setPassphrase("wrong");
    world.engine.host.exit("demo-web-1");
    const deployment = restarted(world);
    const report = await applyOnce(deployment, calm);
    assert.deepEqual(causes(report), ["service/web drifted"]);
    assert.deepEqual(report.outcomes.map((outcome) => outcome.result), ["done"]);
    assert.equal(report.error?.code, "KEYS_DECRYPT");
    world.engine.host.exit("demo-web-1");
    assert.deepEqual(causes(await applyOnce(deployment, calm)), ["service/web drifted"]);
  });
}

test("keys that are in place and are not those of the containers are not taken for them", async () => {
  const world = await converged(withKey);
  world.setPassphrase("wrong");
  world.engine.host.exit("demo-web-1");
  const { hostFiles } = world.deployment.ports;
  const [key] = await hostFiles.readKeys(calm);
  for (const keys of [[], [{ ...key!, bytes: new Uint8Array(3) }]]) {
    await hostFiles.placeKeys(keys, "keys", calm);
    const report = await applyOnce(restarted(world), calm);
    assert.deepEqual([report.error?.code, report.outcomes], ["KEYS_DECRYPT", []]);
  }
});

for (const [kind, files] of [["denied", denied], ["invalid", broken]] as const) {
  test(`a revision that is ${kind} is held, and drift of the applied one is still corrected`, async () => {
    const world = await converged();
    const applied = world.ledger().applied!.commit;
    const tip = world.push(files);
    world.engine.host.exit("demo-web-1");
    const report = await applyOnce(world.deployment, calm);
    assert.deepEqual([report.hold?.kind, report.hold?.commit, report.revision?.commit], [kind, tip, applied]);
    assert.deepEqual(causes(report), ["service/web drifted"]);
    assert.deepEqual([report.error, report.converged, world.ledger().applied?.commit], [undefined, true, applied]);
    assert.equal(world.ledger().hold?.commit, tip);
  });

  test(`a revision that is ${kind} stays held since the same time, until git moves`, async () => {
    const world = await converged();
    world.push(files);
    const since = (await applyOnce(world.deployment, calm)).hold!.at;
    await world.deployment.ports.clock.sleep(60_000, calm);
    assert.equal((await applyOnce(world.deployment, calm)).hold?.at, since);
    const next = world.push({ ...good, "README.md": "words" });
    const report = await applyOnce(world.deployment, calm);
    assert.deepEqual([report.hold, report.converged, world.ledger().applied?.commit], [undefined, true, next]);
    assert.equal(world.ledger().hold, undefined);
  });
}

test("a revision that is denied is told with its policies, each word once", async () => {
  const world = await converged();
  const tip = world.push(revision({ web: "privileged: true, pid: host", db: "" }));
  const { hold } = await applyOnce(world.deployment, calm);
  assert.equal(hold?.reason, "policies host-pid, privileged");
  const told = world.journal.filter((text) => text.includes("held: "));
  assert.equal(told.length, 1);
  assert.match(told[0]!, new RegExp(`held: ${tip.slice(0, 7)} is denied by policies host-pid, privileged; `));
});

test("a revision whose bundle does not open is held, and told once with the bundle's path and what to do", async () => {
  const world = await converged();
  world.push({ ...good, "keys.gpg": "sealed with another passphrase" });
  const report = await applyOnce(world.deployment, calm);
  assert.equal(report.hold?.kind, "invalid");
  assert.deepEqual(report.issues.map(({ code, message, hint }) => ({ code, message, hint })), [{
    code: "KEYS_DECRYPT",
    message: 'Cannot decrypt "keys.gpg": wrong passphrase',
    hint: "correct the passphrase",
  }]);
});

test("what is wrong with a first revision ends the pass: nothing is there to stay on", async () => {
  const cases = [
    { files: denied, code: "POLICY_DENIED" },
    { files: broken, code: "REVISION_INVALID" },
    { files: { "holdfast.yaml": manifest, "compose.yaml": "services: {}\n" }, code: "KEYS_MISSING" },
  ];
  for (const { files, code } of cases) {
    const world = memoryDeployment();
    world.push(files);
    const report = await applyOnce(world.deployment, calm);
    assert.equal(report.error?.code, code);
    assert.deepEqual([...world.engine.host.names()], []);
  }
});

test("each issue of a revision is told once", async () => {
  const world = memoryDeployment();
  world.push(broken);
  const { issues } = await planOnce(world.deployment, calm);
  assert.equal(issues.filter(({ severity }) => severity === "error").length, 1);
});

test("drift is corrected while the git server is down, and the report says that it is", async () => {
  const world = await converged();
  world.setSource("down");
  world.engine.host.exit("demo-web-1");
  const report = await applyOnce(world.deployment, calm);
  assert.deepEqual(causes(report), ["service/web drifted"]);
  assert.equal(report.outcomes.every(({ result }) => result === "done"), true);
  assert.deepEqual([report.error?.code, report.tip], ["SOURCE_UNREACHABLE", undefined]);
});

test("a hold stands while the git server is down", async () => {
  const world = await converged();
  const tip = world.push(denied);
  await applyOnce(world.deployment, calm);
  world.setSource("down");
  assert.equal((await applyOnce(world.deployment, calm)).hold?.commit, tip);
  assert.equal(world.ledger().hold?.commit, tip);
});

test("a revision whose container exits is rolled back to the predecessor's own container, and held", async () => {
  const world = await converged();
  const before = world.engine.host.names();
  world.engine.host.publishImage("example/broken:1", { behaviour: { kind: "exits", exitCode: 3 } });
  const tip = world.push(revision({ web: 'image: "example/broken:1"', db: "" }));
  const report = await applyOnce(world.deployment, calm);
  assert.deepEqual([report.hold?.kind, report.hold?.commit], ["failed", tip]);
  assert.match(report.hold!.reason, /service\/web exited with 3/);
  assert.deepEqual(new Map([...world.engine.host.names()].sort()), new Map([...before].sort()));
  assert.equal((await planOnce(world.deployment, calm)).plan?.steps.length, 0);
});

test("going back starts a predecessor again that had ended with 0 when it was stopped for its successor", async () => {
  const world = await converged();
  world.engine.host.publishImage("example/broken:1", { behaviour: { kind: "exits", exitCode: 3 } });
  world.push(revision({ web: 'image: "example/broken:1"', db: "" }));
  assert.equal((await applyOnce(world.deployment, calm)).hold?.kind, "failed");
  world.engine.host.exit("demo-web-1", 0); // of one that did not run this would be no news
  assert.deepEqual(causes(await applyOnce(world.deployment, calm)), ["service/web drifted"]);
});

test("going back starts the predecessor also where the revision changed a file that it binds, and blames nobody for it", async () => {
  const binding = (image: string, page: string) =>
    revision({ web: `image: "${image}", volumes: ["./page:/page:ro"]`, db: "" }, { page });
  const world = await converged(binding("example/web:1", "first"));
  const before = world.engine.host.names();
  world.engine.host.publishImage("example/broken:1", { behaviour: { kind: "exits", exitCode: 3 } });
  world.push(binding("example/broken:1", "second"));
  const report = await applyOnce(world.deployment, calm);
  assert.deepEqual(new Map([...world.engine.host.names()].sort()), new Map([...before].sort()));
  assert.deepEqual(causes(report), ["service/web changed"]);
  assert.deepEqual(world.journal.filter((line) => /drifted|on the host, /.test(line)), []);
});

test("a failed verification blames who failed, not who was not through yet", async () => {
  const world = await converged();
  world.engine.host.publishImage("example/broken:1", { behaviour: { kind: "exits", exitCode: 3 } });
  world.push({
    ...revision({ web: 'image: "example/broken:1"', db: "environment: { MODE: fast }" }),
    "holdfast.yaml": manifest.replace("running: 0s", "running: 60s"),
  });
  const { hold } = await applyOnce(world.deployment, calm);
  assert.equal(hold?.reason, "service/web exited with 3");
});

test("with onFailure: hold the failed revision stays, and nothing more is done to it", async () => {
  const world = await converged();
  world.engine.host.publishImage("example/broken:1", { behaviour: { kind: "exits", exitCode: 3 } });
  const tip = world.push({
    ...revision({ web: 'image: "example/broken:1"', db: "" }),
    "holdfast.yaml": manifest.replace("timeout: 5s", "timeout: 5s, onFailure: hold"),
  });
  const report = await applyOnce(world.deployment, calm);
  assert.deepEqual([report.hold?.commit, report.health?.passed, report.revision?.commit], [tip, false, tip]);
  const calls = world.engine.calls.length;
  await applyOnce(world.deployment, calm);
  assert.deepEqual(world.engine.calls.slice(calls).map(({ method }) => method), ["observe"]);
});

test("with the git store lost, a new revision is still put in place", async () => {
  const world = await converged();
  world.ledger(); // the ledger still names the revision whose files are in the checkout
  await world.deployment.ports.source.prune([]);
  world.push({ ...good, "README.md": "words" });
  await world.deployment.ports.source.prune([]);
  const report = await applyOnce(world.deployment, calm);
  assert.equal(report.converged, true);
});

test("planOnce() says what applyOnce() would do, and does nothing: no call, no file, no ledger, no journal", async () => {
  const world = await converged();
  world.push(revision({ web: "environment: { MODE: fast }", db: "" }));
  world.engine.host.exit("demo-db-1");
  const journal = [...world.journal];
  const ledger = world.ledger();
  const calls = world.engine.calls.length;
  const report = await planOnce(world.deployment, calm);
  assert.deepEqual(causes(report), ["service/db drifted", "service/web changed"]);
  assert.deepEqual(world.engine.calls.slice(calls).map(({ method }) => method), ["observe"]);
  assert.deepEqual([world.ledger(), world.journal], [ledger, journal]);
});

test("the text of a key is in no issue and in no error, also where an Engine or the loader repeats it", async () => {
  const key = "planted-key-text";
  const keys = { "holdfast.yaml": `${manifest}environment: { STORAGE: { key: storage } }\n` };
  const bundle = { "keys.gpg": JSON.stringify({ storage: key }) };
  const world = await converged({ ...good, ...keys, ...bundle });
  const message = `exec: "${key}": executable file not found`;
  world.engine.host.publishImage("example/odd:1", { behaviour: { kind: "fails", message } });
  world.push({ ...revision({ web: 'image: "example/odd:1", command: ["${STORAGE}"]', db: "" }), ...keys, ...bundle });
  const failed = await applyOnce(world.deployment, calm);
  assert.match(failed.hold!.reason, /‹key storage›/);
  world.push({ ...revision({ web: 'mem_limit: "${STORAGE}"', db: "" }), ...keys, ...bundle });
  const invalid = await applyOnce(world.deployment, calm);
  assert.equal(invalid.hold?.kind, "invalid");
  assert.equal(JSON.stringify([failed, invalid, world.ledger(), world.journal]).includes(key), false);
});
