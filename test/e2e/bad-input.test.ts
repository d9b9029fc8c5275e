import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Change } from "../support/repository.ts";
import { composeFile, createHost, manifest } from "./host.ts";
import { allRun, apply, assertConverged, look, recreated, statusOf, touched } from "./judge.ts";

const host = await createHost("bad");
after(() => host.dispose());
before(() => apply(host));

const compose = composeFile(host);
const bundle = await host.seal({ "api.key": "another key" });
const garbage = "<html>Please log in</html>";

interface BadRevision {
  readonly name: string;
  readonly files: Readonly<Record<string, Change>>;
  /** In the journal: what was found, and where or what to do. */
  readonly says: readonly RegExp[];
}

const revisions: readonly BadRevision[] = [
  {
    name: "YAML that does not parse",
    files: { "compose.yaml": "services:\n  web: [\n" },
    says: [/compose\.yaml:\d+/],
  },
  {
    name: "a key that stands twice",
    files: { "compose.yaml": compose.replace("    mem_limit: 64m\n", "    mem_limit: 64m\n    mem_limit: 128m\n") },
    says: [/compose\.yaml:6: .*"mem_limit"/],
  },
  {
    name: "a key that Compose does not know",
    files: { "compose.yaml": compose.replace("mem_limit", "mem_limti") },
    says: [/compose\.yaml:5: .*"mem_limti"/, /mem_limit/],
  },
  {
    name: "a key that the manifest does not know",
    files: { "holdfast.yaml": `${manifest(host)}verfy: {}\n` },
    says: [/holdfast\.yaml:5: .*"verfy"/],
  },
  {
    name: "a Compose file that is not there",
    files: { "compose.yaml": null },
    says: [/holdfast\.yaml:2: .*"compose\.yaml" is not in the revision/],
  },
  {
    name: "a bound file that is not there",
    files: { "site/index.html": null },
    says: [/compose\.yaml:8: .*site\/index\.html/],
  },
  {
    name: "a bound key that the bundle does not hold",
    files: { "keys.tar.gpg": await host.seal({ "other.key": "another key" }) },
    says: [/compose\.yaml:14: .*api\.key/],
  },
  {
    name: "a bundle that was cut short",
    files: { "keys.tar.gpg": bundle.subarray(0, bundle.length - 20) },
    says: [/keys\.tar\.gpg/, /hint: /],
  },
  {
    name: "a bundle under another passphrase",
    files: { "keys.tar.gpg": await host.seal({ "api.key": "another key" }, "another passphrase") },
    says: [/keys\.tar\.gpg/, /passphrase/],
  },
  {
    name: "a bundle that is not there",
    files: { "keys.tar.gpg": null },
    says: [/"keys\.tar\.gpg": it is not in the revision/],
  },
  {
    name: "a bundle that holds no tar",
    files: { "keys.tar.gpg": "these are the keys" },
    says: [/keys\.tar\.gpg/, /hint: /],
  },
];

for (const { name, files, says } of revisions) {
  test(`${name} is told with its place, the revision is held, and the containers stay`, async () => {
    const first = await look(host);
    const good = originals(Object.keys(files));
    const tip = await host.push(files);
    const { stderr, stdout, code } = await host.holdfast("apply");
    await host.push(good); // also where the next lines fail: the tests after it start from here
    assert.equal(code, 3);
    for (const words of says) assert.match(stderr, words);
    assert.match(stdout, new RegExp(`held at [0-9a-f]{7}: ${tip.slice(0, 7)} is `));
    assert.deepEqual(touched(first, await look(host)), []);
  });
}

test("a good revision after all of these ends the hold", async () => {
  await host.push({ "README.md": "words\n" });
  await apply(host);
  await assertConverged(host);
});

/** The files as they are in the clone. */
function originals(paths: readonly string[]): Record<string, Change> {
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(host.repository.clone, path))]));
}

interface BadSource {
  readonly name: string;
  readonly act: () => void | Promise<void>;
  readonly says: RegExp;
}

const sources: readonly BadSource[] = [
  {
    name: "a git server that is down",
    act: () => host.server.misbehave({ at: "connection", kind: "cut" }),
    says: /SOURCE_UNREACHABLE/,
  },
  {
    name: "a git server that answers 401",
    act: () => host.server.misbehave({ at: "info/refs", kind: "status", status: 401 }),
    says: /SOURCE_DENIED.*\n.*hint: .*tokenFile/,
  },
  {
    name: "a git server that answers with a web page",
    act: () => host.server.misbehave({ at: "info/refs", kind: "garbage", bytes: garbage }),
    says: /SOURCE_PROTOCOL/,
  },
  {
    name: "a git server that fails",
    act: () => host.server.misbehave({ at: "ls-refs", kind: "status", status: 500 }),
    says: /SOURCE_\w+/,
  },
  {
    name: "a ref that is not there",
    act: () => host.configure({ ref: "release" }),
    says: /"release".*SOURCE_REF/,
  },
  {
    name: "a repository that is not there",
    act: () => host.configure({ repository: `${host.server.url}/nothing.git` }),
    says: /SOURCE_NOT_FOUND/,
  },
];

for (const { name, act, says } of sources) {
  test(`with ${name} the applied revision stays enforced, and the command fails with what to do`, async () => {
    const first = await look(host);
    await host.engine.docker.getContainer(first.get("db")!.Id).kill();
    await act();
    const { stderr } = await apply(host, 1);
    assert.match(stderr, says);
    assert.match(stderr, /hint: /);
    host.server.misbehave(undefined);
    await host.configure({});
    const scene = await look(host);
    assert.deepEqual([touched(first, scene), statusOf(scene)], [["db"], allRun]);
  });
}

test("a wrong passphrase is told with what to do, drift is corrected, and the right one goes on", async () => {
  const first = await look(host);
  await host.engine.docker.getContainer(first.get("api")!.Id).kill();
  const right = readFileSync(host.files.passphrase);
  await writeFile(host.files.passphrase, "wrong horse\n");
  const { stderr } = await apply(host, 1);
  assert.match(stderr, /KEYS_DECRYPT/);
  assert.match(stderr, /passphrase/);
  assert.doesNotMatch(stderr, /wrong horse/);
  const scene = await look(host);
  assert.deepEqual([touched(first, scene), recreated(first, scene), statusOf(scene)], [["api"], [], allRun]);
  await writeFile(host.files.passphrase, right);
  await apply(host);
  assert.deepEqual(touched(scene, await look(host)), []);
});

test("a passphrase file that is not there is named", async () => {
  const config = readFileSync(host.files.config, "utf8");
  await writeFile(host.files.config, config.replace(host.files.passphrase, "/nowhere/passphrase"));
  const { stderr } = await apply(host, 1);
  assert.match(stderr, /"\/nowhere\/passphrase".*KEYS_UNLOCK/);
  await writeFile(host.files.config, config);
});

test("an unreadable ledger is an operator's error, never an empty one, and nothing is touched", async () => {
  const first = await look(host);
  const ledger = join(host.folders.state, "demo/ledger.json");
  const text = readFileSync(ledger, "utf8");
  for (const broken of [text.slice(0, 100), text.replace('"version": 1', '"version": 2'), ""]) {
    await writeFile(ledger, broken);
    const { stderr } = await apply(host, 1);
    assert.match(stderr, /ledger\.json.*STATE_UNREADABLE/);
    assert.equal(readFileSync(ledger, "utf8"), broken);
  }
  assert.equal((await host.holdfast("status")).code, 1);
  await writeFile(ledger, text);
  await apply(host);
  assert.deepEqual(touched(first, await look(host)), []);
});

test("an agent.yaml with an unknown key is refused with its line", async () => {
  const config = readFileSync(host.files.config, "utf8");
  await writeFile(host.files.config, `${config}statte: /x\n`);
  const line = config.split("\n").length;
  for (const command of ["plan", "apply", "run", "status"]) {
    const { code, stderr } = await host.holdfast(command);
    assert.equal(code, command === "run" ? 78 : 1); // 78: systemd does not try it again
    assert.match(stderr, new RegExp(`agent\\.yaml:${line}:1: .*"statte"`));
  }
  await writeFile(host.files.config, config);
});

test("an Engine that does not answer ends the pass with what to do", async () => {
  await host.configure({ socket: "/nowhere/docker.sock" });
  const { stderr } = await apply(host, 1);
  assert.match(stderr, /nowhere\/docker\.sock.*ENGINE_UNREACHABLE/);
  await host.configure({});
  await assertConverged(host);
});
