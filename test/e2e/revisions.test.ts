import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { composeFile, createHost, keyText, manifest } from "./host.ts";
import {
  apply,
  assertConverged,
  differences,
  look,
  readInContainer,
  recreated,
  type Scene,
  served,
  statusOf,
  touched,
} from "./judge.ts";

const host = await createHost("revisions");
after(() => host.dispose());
before(() => apply(host));

const { docker } = host.engine;
const compose = composeFile(host);
const labels = { "com.docker.compose.project": host.project };

/** Pushes and applies a new Compose file. */
async function deploy(
  text: string,
): Promise<{ readonly before: Scene; readonly after: Scene; readonly journal: string }> {
  const before = await look(host);
  await host.push({ "compose.yaml": text });
  const { stderr } = await apply(host);
  return { before, after: await look(host), journal: stderr };
}

test("a commit that changes one service recreates that one and touches no other", async () => {
  const { before, after, journal } = await deploy(compose.replace("GREETING: hello", "GREETING: good day"));
  assert.deepEqual([touched(before, after), recreated(before, after)], [["api"], ["api"]]);
  assert.equal(after.get("api")!.Config.Env.includes("GREETING=good day"), true);
  assert.match(journal, /~ service\/api +changed +environment GREETING "hello" → "good day" \(compose\.yaml:13\)/);
  await assertConverged(host);
});

test("a commit that changes no service touches none", async () => {
  const before = await look(host);
  await host.push({ "README.md": "words\n" });
  await apply(host);
  assert.deepEqual(touched(before, await look(host)), []);
  assert.equal(existsSync(join(host.folders.checkout, "README.md")), true);
  await assertConverged(host);
});

test("a bound file that a commit changes recreates its users, with the file and its line as the cause", async () => {
  const before = await look(host);
  await host.push({ "site/index.html": "second\n", "README.md": null });
  const found = await differences(host);
  assert.deepEqual(found.map(({ resource, cause, field, place }) => ({ resource, cause, field, place })), [{
    resource: "service/web",
    cause: "changed",
    field: "file site/index.html",
    place: "compose.yaml:8",
  }]);
  await apply(host);
  assert.deepEqual(touched(before, await look(host)), ["web"]);
  assert.equal(await served(host), "second\n");
  assert.equal(existsSync(join(host.folders.checkout, "README.md")), false);
});

test("a key that a commit changes recreates its users, and its bytes are in no word about it", async () => {
  const before = await look(host);
  await host.push({ "keys.tar.gpg": await host.seal({ "api.key": "the second key", "other.key": keyText }) });
  const { stderr } = await apply(host);
  const scene = await look(host);
  assert.deepEqual(touched(before, scene), ["api"]);
  assert.equal(await readInContainer(host, scene.get("api")!.Id, "/run/api.key"), "the second key");
  assert.match(stderr, /~ service\/api +changed +file .*api\.key/);
  assert.doesNotMatch(stderr, /the second key/);
});

test("a renamed service replaces the old one, and what it depends on stays", async () => {
  const { before, after } = await deploy(compose.replace("  api:\n", "  backend:\n"));
  assert.deepEqual(touched(before, after), ["api", "backend"]);
  assert.deepEqual(statusOf(after), { backend: "running", db: "running", web: "running" });
  assert.equal((await docker.listContainers({ all: true, filters: { name: [`${host.project}-api`] } })).length, 0);
});

test("a service that no revision names any more is removed, and its volume is kept", async () => {
  const before = await look(host);
  const data = before.get("db")!.Id;
  await exec(data, "echo precious > /data/file");
  const { after } = await deploy(
    compose.replace(/ {2}db:\n(?: {4}.*\n)*/, "").replace("    depends_on: [db]\n", "")
      .replace(/volumes:\n {2}data: \{\}\n$/, ""),
  );
  assert.deepEqual(statusOf(after), { api: "running", web: "running" });
  const back = await deploy(compose);
  assert.equal(await readInContainer(host, back.after.get("db")!.Id, "/data/file"), "precious\n");
  await assertConverged(host);
});

test("what is not the deployment's own is never touched: foreign, one-off and hand-made containers, volumes, networks", async () => {
  const image = `${host.project}/sleeper:1`;
  const make = async (name: string, Labels: Record<string, string>) => {
    const made = await docker.createContainer({ name: `${host.project}-${name}`, Image: image, Labels });
    await made.start();
    return made;
  };
  const others = await Promise.all([
    make("foreign", {}),
    make("web-run-1", {
      ...labels,
      "com.docker.compose.service": "web",
      "com.docker.compose.oneoff": "True",
      "com.docker.compose.container-number": "1",
    }),
    make("manual-1", { ...labels, "com.docker.compose.service": "manual", "com.docker.compose.oneoff": "False" }),
  ]);
  await docker.createVolume({ Name: `${host.project}_other` });
  const volume = docker.getVolume(`${host.project}_other`);
  const network = await docker.createNetwork({ Name: `${host.project}_foreign` });
  try {
    const before = await Promise.all(others.map((each) => each.inspect()));
    await host.push({ "compose.yaml": compose.replace("GREETING: hello", "GREETING: again") });
    const { stderr } = await apply(host);
    const after = await Promise.all(others.map((each) => each.inspect()));
    assert.deepEqual(after.map(({ State }) => State.StartedAt), before.map(({ State }) => State.StartedAt));
    assert.deepEqual(after.map(({ State }) => State.Running), [true, true, true]);
    await Promise.all([volume.inspect(), network.inspect()]);
    assert.match(stderr, /container\/\S+-manual-1 +left alone .* holdfast did not make it/);
  } finally {
    await Promise.all(others.map((each) => each.remove({ force: true })));
    await volume.remove();
    await network.remove();
  }
});

test("an external volume that the manifest lists is created, and stays when the deployment forgets it", async () => {
  const name = `${host.project}-external`;
  const external = compose.replace("  data: {}\n", `  data: { external: true, name: ${name} }\n`);
  await host.push({
    "compose.yaml": external,
    "holdfast.yaml": `${manifest(host)}volumes: [${name}]\n`,
  });
  try {
    await apply(host);
    assert.deepEqual((await look(host)).get("db")!.Mounts.map(({ Name }) => Name), [name]);
    await deploy(compose);
    assert.equal((await docker.getVolume(name).inspect()).Name, name);
  } finally {
    await docker.getContainer(`${host.project}-db-1`).remove({ force: true });
    await docker.getVolume(name).remove();
  }
});

/** Runs a line of shell in a container. */
async function exec(id: string, command: string): Promise<void> {
  const started = await docker.getContainer(id).exec({ Cmd: ["sh", "-c", command], AttachStdout: true });
  const stream = await started.start({});
  stream.resume();
  await new Promise((resolve) => stream.once("end", resolve));
}
