import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { controlClient } from "../../src/adapters/control/control-client.ts";
import type { ControlledAgent } from "../../src/agent/control.ts";
import { remoteAgent } from "../../src/agent/remote-agent.ts";
import { listenControl } from "../../src/http/control-server.ts";
import { HoldfastError } from "../../src/model/error.ts";
import { renderPublishedJson } from "../../src/report/json.ts";
import { publishPlan, publishReport } from "../../src/report/published.ts";
import type { HostStatus } from "../../src/report/status.ts";
import * as samples from "../report/samples.ts";
import { removable } from "../support/removable.ts";
import { tempFolder } from "../support/temp.ts";
import { until } from "../support/until.ts";

const calm = new AbortController().signal;
const running = { pid: 812, version: "0.1.0", commit: "ab".repeat(20), startedAt: "2026-11-24T01:00:00Z" };
const status: HostStatus = { agent: running, deployments: [{ deployment: "web", state: "converged" }] };

async function listening(agent: Partial<ControlledAgent> = {}) {
  const folder = tempFolder("control");
  const socket = join(folder.path, "run/holdfast.sock");
  const refuse = () => assert.fail("not expected");
  const server = await listenControl(socket, { status: refuse, reports: refuse, sync: refuse, plan: refuse, ...agent });
  const remote = remoteAgent(controlClient(socket));
  return removable({ socket, server, remote }, async () => {
    await server.close();
    await folder.dispose();
  });
}

/** One request as a program that is no holdfast would send it. */
async function send(socketPath: string, { method = "GET", path = "/", body = "" }) {
  const call = request({ socketPath, method, path });
  call.end(body);
  const [answer] = await once(call, "response");
  let text = "";
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, allow: answer.headers.allow, json: JSON.parse(text) };
}

test("the control socket is its user's alone, in a folder that is too", async () => {
  await using control = await listening();
  assert.equal(statSync(control.socket).mode & 0o777, 0o600);
  assert.equal(statSync(join(control.socket, "..")).mode & 0o777, 0o700);
});

test("the control socket gives the agent's status", async () => {
  await using control = await listening({ status: () => Promise.resolve(status) });
  assert.deepEqual(await control.remote.status(calm), status);
});

test("the control socket gives reports in their published form, of all deployments or of one", async () => {
  const published = [publishReport(samples.drift), publishReport(samples.failedStep)];
  const asked: unknown[] = [];
  await using control = await listening({ reports: (deployment) => (asked.push(deployment), published) });
  const remote = await control.remote.report(undefined, calm);
  const { json } = await send(control.socket, { path: "/report/mender" });
  assert.deepEqual(asked, [undefined, "mender"]);
  assert.deepEqual(remote.map(({ summary }) => summary), published.map(({ summary }) => summary));
  assert.deepEqual(json.reports, JSON.parse(JSON.stringify(published.map((each) => each.json))));
  assert.equal(JSON.stringify(json).includes("specification"), false);
});

test("a plan arrives as it would be printed, with its steps numbered where asked", async () => {
  const asked: unknown[] = [];
  const plan: ControlledAgent["plan"] = (question) => {
    asked.push(question);
    return Promise.resolve([publishPlan(samples.drift, question), publishPlan(samples.denied, question)]);
  };
  await using control = await listening({ plan });
  const answer = await control.remote.plan({ deployment: "mender", steps: true }, calm);
  const expected = [samples.drift, samples.denied].map((report) => publishPlan(report, { steps: true }));
  assert.deepEqual(answer, JSON.parse(JSON.stringify(expected)));
  assert.equal(renderPublishedJson(answer), renderPublishedJson(expected));
  await control.remote.plan({ steps: false }, calm);
  assert.deepEqual(asked, [{ deployment: "mender", steps: true }, { deployment: undefined, steps: false }]);
});

test("a plan ends when whoever asked for it has gone", async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  await using control = await listening({ plan: (_, signal) => (asked.resolve(signal), new Promise(() => {})) });
  const stop = new AbortController();
  const answer = control.remote.plan({ steps: false }, stop.signal);
  const signal = await asked.promise;
  stop.abort(new Error("enough"));
  await assert.rejects(answer, /enough/);
  await until("the plan to be ended", () => signal.aborted);
});

test("an agent that cannot plan for others is said to be of another version", async () => {
  const old = () =>
    Promise.reject(
      new HoldfastError("USAGE", 'Cannot answer: there is nothing at "/plan"', { retry: "operator", hint: "" }),
    );
  await using control = await listening({ plan: old });
  await assert.rejects(control.remote.plan({ steps: false }, calm), {
    code: "AGENT_UNREACHABLE",
    message: /another version/,
  });
});

test("a sync is answered at once, and one that waits when its pass has ended", async () => {
  let end = (): void => {};
  const reports = new Promise<readonly ReturnType<typeof publishReport>[]>((resolve) =>
    end = () => resolve([publishReport(samples.quiet)])
  );
  await using control = await listening({ sync: () => ({ deployments: ["mender"], reports }) });
  assert.deepEqual(await control.remote.sync("mender", calm), ["mender"]);
  const waiting = control.remote.syncAndWait(undefined, calm);
  const first = await Promise.race([waiting, control.remote.sync(undefined, calm).then(() => "not yet")]);
  assert.equal(first, "not yet");
  end();
  assert.deepEqual((await waiting).map(({ state }) => state), ["converged"]);
});

test("what the agent refuses arrives as its own error", async () => {
  const refused = new HoldfastError("USAGE", `Cannot find deployment "wbe"`, { retry: "operator", hint: "name web" });
  await using control = await listening({
    sync: () => {
      throw refused;
    },
  });
  await assert.rejects(control.remote.sync("wbe", calm), (error: HoldfastError) => {
    assert.deepEqual([error.code, error.message, error.hint], ["USAGE", refused.message, "name web"]);
    return true;
  });
});

const wrong = [
  { name: "an unknown path", sent: { path: "/nothing" }, status: 404 },
  { name: "a path that is too deep", sent: { path: "/report/a/b" }, status: 404 },
  { name: "a path of an object's own", sent: { path: "/constructor" }, status: 404 },
  { name: "two slashes", sent: { path: "//" }, status: 404 },
  { name: "another method", sent: { path: "/sync" }, status: 405 },
  { name: "a body", sent: { method: "POST", path: "/sync", body: "x".repeat(5000) }, status: 413 },
];
for (const { name, sent, status } of wrong) {
  test(`the control socket refuses ${name} with ${status} and says what there is`, async () => {
    await using control = await listening();
    const answer = await send(control.socket, sent);
    assert.equal(answer.status, status);
    assert.equal(answer.json.error.code, "USAGE");
    assert.ok(answer.json.error.hint);
  });
}

test("a request that does not arrive as a whole does not keep others from theirs", async () => {
  await using control = await listening({ status: () => Promise.resolve(status) });
  const slow = connect(control.socket);
  slow.on("error", () => {});
  slow.write("POST /sync HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
  assert.deepEqual(await control.remote.status(calm), status);
  slow.destroy();
});

test("a socket that a killed agent left behind is replaced, and none is left after the end", async () => {
  await using folder = tempFolder("control");
  const socket = join(folder.path, "holdfast.sock");
  writeFileSync(socket, "");
  const server = await listenControl(socket, { ...none, status: () => Promise.resolve(status) });
  const answer = await remoteAgent(controlClient(socket)).status(calm).finally(() => server.close());
  assert.deepEqual(answer, status);
  assert.equal(existsSync(socket), false);
});

const none: ControlledAgent = { status: assert.fail, reports: assert.fail, sync: assert.fail, plan: assert.fail };

test("a socket on which another agent answers is left alone", async () => {
  await using control = await listening({ status: () => Promise.resolve(status) });
  await assert.rejects(listenControl(control.socket, none), { code: "RUNTIME_FOLDER", message: /another agent/ });
  assert.deepEqual(await control.remote.status(calm), status);
});

test("a path that is too long for a socket is an error that says so", async () => {
  await using folder = tempFolder("control");
  await assert.rejects(listenControl(join(folder.path, "x".repeat(120), "holdfast.sock"), none), {
    code: "RUNTIME_FOLDER",
  });
});

test("no agent, one that ends before it answers, and one that talks nonsense are AGENT_UNREACHABLE", async () => {
  await using folder = tempFolder("control");
  const socket = join(folder.path, "s");
  const unreachable = (message: RegExp) => ({ code: "AGENT_UNREACHABLE", message });
  const ask = () => remoteAgent(controlClient(socket)).status(calm);
  await assert.rejects(ask(), unreachable(/there is no such socket/));
  const answers = [
    "",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{",
  ];
  const found = [/ended before it answered|socket hang up/, /of another version/, /not JSON/];
  for (const [index, text] of answers.entries()) {
    const server = createServer((peer) => peer.once("data", () => peer.end(text))).listen(socket);
    await once(server, "listening");
    await assert.rejects(ask(), unreachable(found[index]!));
    server.close();
    await once(server, "close");
  }
});

test("a question that is not answered in time is AGENT_UNREACHABLE, and a signal ends it", async () => {
  await using control = await listening({ status: () => new Promise(() => {}) });
  const client = controlClient(control.socket);
  await assert.rejects(client.ask({ method: "GET", path: "/status", timeoutMs: 20 }, calm), {
    code: "AGENT_UNREACHABLE",
    message: /no answer within 0.02 s/,
  });
  const stop = new AbortController();
  const asked = client.ask({ method: "GET", path: "/status", timeoutMs: 60_000 }, stop.signal);
  stop.abort(new Error("SIGINT received"));
  await assert.rejects(asked, /SIGINT received/);
});

test("the end of the server ends those who wait", async () => {
  await using control = await listening({ sync: () => ({ deployments: [], reports: new Promise(() => {}) }) });
  const waiting = control.remote.syncAndWait(undefined, calm);
  const rejected = assert.rejects(waiting, { code: "AGENT_UNREACHABLE" });
  await control.remote.sync(undefined, calm);
  await control.server.close();
  await rejected;
});
