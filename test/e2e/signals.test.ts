import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerRegistry, registryLogin } from "../support/docker-registry.ts";
import { stallingProxy } from "../support/stalling-proxy.ts";
import { listenInEngineNetwork } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { composeFile, createHost } from "./host.ts";
import { allRun, apply, assertConverged, look, statusOf, touched } from "./judge.ts";

const host = await createHost("signals");
after(() => host.dispose());
before(() => apply(host));

const compose = composeFile(host);
const { docker } = host.engine;

async function endsWithin(ended: Promise<number | NodeJS.Signals>, seconds: number): Promise<number | NodeJS.Signals> {
  const startedMs = performance.now();
  const end = await ended;
  assert.equal(performance.now() - startedMs < 1000 * seconds, true, `it took longer than ${seconds} s`);
  return end;
}

test("SIGTERM ends a waiting agent within seconds, with 0, and the containers run on", async () => {
  const first = await look(host);
  await using agent = host.start();
  await agent.line(/converged at/);
  agent.kill("SIGTERM");
  assert.equal(await endsWithin(agent.ended, 5), 0);
  assert.deepEqual(touched(first, await look(host)), []);
});

test("SIGTERM lets the call under way finish, starts no other, and the next pass carries on", async () => {
  const slow = await host.image("slow:1", { cmd: ["/bin/sh", "-c", "trap 'sleep 2; exit 7' TERM; sleep 3600 & wait"] });
  await host.push({ "compose.yaml": compose.replace(`${host.project}/sleeper:1`, slow) });
  await apply(host);
  const first = await look(host);
  await host.push({ "compose.yaml": compose });
  await using agent = host.start();
  host.proxy.calls.length = 0;
  await until(
    "the agent to stop the container",
    () => host.proxy.calls.some(({ path }) => path.includes("/stop")),
    60_000,
  );
  agent.kill("SIGTERM");
  assert.equal(await endsWithin(agent.ended, 15), 0);
  const { State } = await docker.getContainer(first.get("api")!.Id).inspect();
  assert.deepEqual([State.Status, State.ExitCode], ["exited", 7]);
  const changing = host.proxy.changingCalls();
  assert.match(changing.at(-1)!.path, /\/stop/);
  assert.deepEqual(agent.journal.filter((line) => /INTERNAL|^demo +failed /.test(line)), []);

  await apply(host);
  assert.deepEqual(statusOf(await look(host)), allRun);
  await assertConverged(host);
});

test("SIGTERM ends a pull that hangs, and nothing was touched", async () => {
  const first = await look(host);
  const registry = await listenInEngineNetwork(host.engine); // accepts connections and never says a word
  const { port } = registry.address() as { readonly port: number };
  const asked = new Promise((resolve) => registry.once("connection", resolve));
  await host.push({ "compose.yaml": compose.replace(`${host.project}/web:1`, `127.0.0.1:${port}/web:1`) });
  try {
    await using agent = host.start();
    await asked;
    agent.kill("SIGTERM");
    assert.equal(await endsWithin(agent.ended, 5), 0);
    host.proxy.calls.length = 0;
    await using command = host.start("apply");
    await until(
      "the image to be asked for again",
      () => host.proxy.calls.some(({ path }) => path.startsWith("/images/create")),
      60_000,
    );
    command.kill("SIGTERM");
    assert.equal(await endsWithin(command.ended, 5), 130);
    assert.match(command.journal.join("\n"), /error: Cannot go on: SIGTERM received \(CANCELLED\)/);
    assert.deepEqual(touched(first, await look(host)), []);
  } finally {
    registry.close();
    await host.push({ "compose.yaml": compose });
  }
  await apply(host);
});

test("SIGTERM cancels a download that stalls, and the journal tells no failure", async () => {
  const first = await look(host);
  await using registry = await dockerRegistry(host.engine);
  const image = await registry.push("web:1");
  await using slow = await stallingProxy(host.engine, { upstream: registry.host, afterBytes: 200_000 });
  const { username, password } = registryLogin;
  const account = {
    usernameFile: join(host.folders.state, "../user"),
    passwordFile: join(host.folders.state, "../pass"),
  };
  await writeFile(account.usernameFile, username);
  await writeFile(account.passwordFile, password);
  await host.configure({ registries: JSON.stringify([{ host: slow.host, ...account }]) });
  await host.push({
    "compose.yaml": compose.replace(`${host.project}/web:1`, image.replace(registry.host, slow.host)),
  });
  await using agent = host.start();
  await until("the download to stall", () => slow.stalled > 0, 60_000);
  agent.kill("SIGTERM");
  assert.equal(await endsWithin(agent.ended, 5), 0);
  assert.deepEqual(touched(first, await look(host)), []);
  assert.match(agent.journal.join("\n"), /^demo +stopped after .*, as asked: 0 done, [1-9]\d* left to the next pass$/m);
  assert.deepEqual(agent.journal.filter((line) => /fail|error|cannot/i.test(line)), []);

  await host.configure({});
  await host.push({ "compose.yaml": compose });
  await apply(host);
});

test("SIGTERM ends a wait for a health check that takes long", async () => {
  const starting = await host.image("starting:1", { healthcheck: "--interval=1s --start-period=300s CMD false" });
  const waiting = compose.replace("depends_on: [db]", "depends_on: { db: { condition: service_healthy } }")
    .replace(`db:\n    image: ${host.project}/sleeper:1`, `db:\n    image: ${starting}`);
  await host.push({ "compose.yaml": waiting.replace("mem_limit: 64m", "mem_limit: 65m") });
  await using agent = host.start();
  await until("db to be started", async () => {
    const { State } = await docker.getContainer(`${host.project}-db-1`).inspect();
    return State.Health?.Status === "starting";
  }, 60_000);
  agent.kill("SIGTERM");
  assert.equal(await endsWithin(agent.ended, 5), 0);
  await host.push({ "compose.yaml": compose });
  await apply(host);
  assert.deepEqual(statusOf(await look(host)), allRun);
  await assertConverged(host);
});
