import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { listenInEngineNetwork } from "../support/namespace.ts";
import { composeFile, createHost, type Host, keyText, manifest } from "./host.ts";
import { allRun, apply, assertConverged, look, served, statusOf, touched } from "./judge.ts";

const host = await createHost("host");
after(() => host.dispose());
before(() => apply(host));

const compose = composeFile(host);
const { docker } = host.engine;

test("an image that cannot be pulled is named, the containers stay, and it is tried again", async () => {
  const first = await look(host);
  const missing = `127.0.0.1:9/${host.project}/nothing:1`;
  await host.push({ "compose.yaml": compose.replace(`${host.project}/web:1`, missing) });
  const { stderr, stdout } = await apply(host, 1);
  assert.match(stderr, new RegExp(`Cannot pull "${missing}".*IMAGE_PULL`));
  assert.match(stderr, /hint: /);
  assert.match(stdout, /^demo: failed/);
  assert.deepEqual(touched(first, await look(host)), []);
  assert.equal(await served(host), "first\n");

  await host.push({ "compose.yaml": compose });
  await apply(host);
  assert.deepEqual(touched(first, await look(host)), []);
});

/** A revision that publishes one more port on `db`. */
function publishing(port: number): string {
  const answering = compose.replace(
    `db:\n    image: ${host.project}/sleeper:1`,
    `db:\n    image: ${host.project}/web:1`,
  );
  return answering.replace('volumes: ["data:/data"]', `ports: ["127.0.0.1:${port}:80"]\n    volumes: ["data:/data"]`);
}

test("a port that a foreign container has is told with its holder, and nothing is touched until it is free", async () => {
  const first = await look(host);
  const foreign = `${host.project}-foreign`;
  const port = await freePort();
  const container = await docker.createContainer({
    name: foreign,
    Image: `${host.project}/web:1`,
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] } },
  });
  await container.start();
  await host.push({ "compose.yaml": publishing(port) });
  const { stderr, code } = await host.holdfast("apply");
  const scene = await look(host);
  const { State } = await container.inspect();
  await container.remove({ force: true });
  assert.match(stderr, new RegExp(`Cannot publish "127.0.0.1:${port}:80/tcp": container "${foreign}"`));
  assert.equal(code, 3); // held: something is in its way
  assert.deepEqual([touched(first, scene), State.Running], [[], true]);

  const { stderr: then } = await host.holdfast("apply");
  assert.match(then, /~ service\/db +changed/);
  await host.push({ "compose.yaml": compose });
  await apply(host);
  await assertConverged(host);
});

test("a port that a process of the host has is named, and the predecessor's own container runs again", async () => {
  const first = await look(host);
  const listener = await listenInEngineNetwork(host.engine);
  const { port } = listener.address() as { readonly port: number };
  await host.push({ "compose.yaml": publishing(port) });
  const { stderr, code } = await host.holdfast("apply");
  await new Promise((resolve) => listener.close(resolve));
  assert.match(stderr, new RegExp(`${port}.*(in use|already)`));
  assert.equal(code, 3);
  const scene = await look(host);
  assert.deepEqual(statusOf(scene), allRun);
  assert.equal(scene.get("db")!.Id, first.get("db")!.Id);
  await host.push({ "compose.yaml": compose });
  await apply(host);
  assert.deepEqual(touched(scene, await look(host)), []);
});

async function freePort(): Promise<number> {
  const listener = await listenInEngineNetwork(host.engine);
  const { port } = listener.address() as { readonly port: number };
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

test("a container's name that somebody else has is left to him, and told with what to do", async () => {
  const name = `${host.project}-api-1`;
  const first = await look(host);
  await docker.getContainer(name).remove({ force: true });
  const other = await docker.createContainer({ name, Image: `${host.project}/sleeper:1` });
  const { stderr, code } = await host.holdfast("apply");
  const { Id } = await docker.getContainer(name).inspect();
  await other.remove({ force: true });
  assert.match(stderr, new RegExp(`"${name}".*outside this project`));
  assert.deepEqual([code, Id], [2, other.id]);
  await apply(host);
  assert.deepEqual(touched(first, await look(host)), ["api"]);
});

test("an external network that is not there is told with what to do, and nothing is touched", async () => {
  const first = await look(host);
  const text = `${compose}networks: { default: { external: true, name: ${host.project}-nowhere } }\n`;
  await host.push({ "compose.yaml": text });
  const { stderr, code } = await host.holdfast("apply");
  await host.push({ "compose.yaml": compose });
  assert.match(stderr, /external network "\S+-nowhere" does not exist on the host/);
  assert.equal(code, 3); // held: something is in its way
  assert.deepEqual(touched(first, await look(host)), []);
  await apply(host);
});

test("a runtime folder that is no tmpfs is refused, and no key is opened into it", async () => {
  await using other = await createHost("disk");
  const folder = join(other.folders.state, "..", "on-disk");
  await other.configure({ runtime: folder });
  const { stderr } = await apply(other, 1);
  assert.match(stderr, /on-disk.*RUNTIME_FOLDER/);
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  assert.equal(
    files.some((file) => file.isFile() && readFileSync(join(file.parentPath, file.name), "utf8").includes(keyText)),
    false,
  );
  assert.deepEqual(statusOf(await look(other)), {});
});

test("what is wrong with a first revision fails the command, and nothing is created", async () => {
  await using other = await createHost("empty");
  await other.push({ "holdfast.yaml": `${manifest(other)}verfy: {}\n` });
  for (const command of ["plan", "apply"]) {
    const { code, stdout, stderr } = await other.holdfast(command);
    assert.equal(code, 1);
    assert.match(stdout + stderr, /holdfast\.yaml:5: .*"verfy"/);
  }
  other.proxy.calls.length = 0;
  await other.push({ "holdfast.yaml": manifest(other), "compose.yaml": privileged(other) });
  const { stderr } = await apply(other, 1);
  assert.match(stderr, /POLICY_DENIED/);
  assert.deepEqual(other.proxy.changingCalls(), []);
  assert.deepEqual(await look(other), new Map());
});

function privileged(other: Host): string {
  return composeFile(other).replace("    mem_limit: 64m\n", "    privileged: true\n");
}

test("a second agent on the same state folder is refused, and the first goes on", async () => {
  await using agent = host.start();
  await agent.line(/converged at/);
  const { code, stderr } = await host.holdfast("run");
  assert.equal(code, 1);
  assert.match(stderr, /another holdfast holds it \(STATE_LOCKED\)/);
  const told = agent.journal.length;
  await docker.getContainer((await look(host)).get("db")!.Id).kill();
  await agent.line(/converged at/, told);
  assert.deepEqual(statusOf(await look(host)), allRun);
});
