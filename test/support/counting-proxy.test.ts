import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import Docker from "dockerode";
import { countingProxy } from "./counting-proxy.ts";
import { freshProject, removeProject, testEngine } from "./engine.ts";
import { standIn } from "./images.ts";

const engine = await testEngine();
after(() => engine.dispose());
const proxy = await countingProxy(engine);
after(() => proxy.dispose());
const docker = new Docker({ socketPath: proxy.socket });

test("countingProxy() passes calls, events and hijacked connections through, and records them", async () => {
  const project = await freshProject(engine, "proxy");
  await using _image = await standIn(engine, "holdfast-support/proxy:1");
  try {
    const events = await docker.getEvents();
    const container = await docker.createContainer({
      Image: "holdfast-support/proxy:1",
      Labels: { "com.docker.compose.project": project },
    });
    assert.match(String((await once(events, "data"))[0]), /"Action":"create"/);
    events.on("error", () => {});
    (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
    await container.start();
    const exec = await container.exec({ Cmd: ["echo", "hello"], AttachStdout: true, Tty: true });
    const stream = await exec.start({ hijack: true, Tty: true });
    let text = "";
    for await (const chunk of stream) text += chunk;
    assert.equal(text, "hello\r\n");
    const changing = proxy.changingCalls().map(({ method, path }) =>
      `${method} ${path.replace(/[0-9a-f]{64}/, "ID").replace(/\?.*/, "")}`
    );
    assert.deepEqual(changing, [
      "POST /containers/create",
      "POST /containers/ID/start",
      "POST /containers/ID/exec",
      "POST /exec/ID/start",
    ]);
  } finally {
    await removeProject(engine, project);
  }
});

test("countingProxy() can answer in the Engine's place", async () => {
  proxy.intercept(({ path }) => path.startsWith("/info") ? { status: 500, body: '{"message":"no"}' } : undefined);
  await assert.rejects(docker.info(), { statusCode: 500 });
  await docker.ping();
  proxy.intercept(() => "cut");
  await assert.rejects(docker.ping());
  proxy.intercept(undefined);
  await docker.ping();
});
