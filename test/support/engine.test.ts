import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { after, test } from "node:test";
import { freshProject, removeProject, testEngine } from "./engine.ts";
import { standIn } from "./images.ts";
import { getInEngineNetwork } from "./namespace.ts";
import { privateEngine } from "./private-engine.ts";
import { until } from "./until.ts";

const engine = await testEngine();
after(() => engine.dispose());

test("standIn() makes an image that serves HTTP on a published port", async () => {
  const project = await freshProject(engine, "support");
  await using image = await standIn(engine, "registry.test:5000/support/web:1.0", {
    cmd: ["httpd", "-f", "-p", "80", "-h", "/www"],
    env: { GREETING: 'a "b" c' },
    exposed: ["80/tcp"],
    files: { "/www/index.html": "hello" },
    healthcheck: "--interval=1s CMD wget -q -O /dev/null http://127.0.0.1/",
  });
  const container = await engine.docker.createContainer({
    Image: image.tag,
    Labels: { "com.docker.compose.project": project },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] } },
  });
  try {
    await container.start();
    const { Config, NetworkSettings } = await container.inspect();
    assert.ok(Config.Env.includes('GREETING=a "b" c'), String(Config.Env));
    const url = `http://127.0.0.1:${NetworkSettings.Ports["80/tcp"]![0]!.HostPort}/`;
    const answer = await until("httpd to answer", () => getInEngineNetwork(engine, url));
    assert.equal(answer.body, "hello");
    await until(
      "the image's health check to pass",
      async () => (await container.inspect()).State.Health?.Status === "healthy",
    );
  } finally {
    await removeProject(engine, project);
  }
});

const needsRoot = process.getuid?.() === 0 ? false : "only root can start a private Engine";

test("a private engine outlives stop and crash, and leaves nothing behind", { skip: needsRoot }, async () => {
  const own = await privateEngine("own");
  const folder = dirname(own.socket);
  await standIn(own, "sleeper");
  const container = await own.docker.createContainer({ Image: "sleeper" });
  await container.start();
  await own.stop();
  await assert.rejects(own.docker.ping());
  await own.start();
  await container.start();
  await own.crash();
  await own.start();
  await container.inspect();
  await own.dispose();
  assert.equal(existsSync(folder), false);
  assert.equal(existsSync(own.netns), false);
});
