import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { negotiateApi } from "../../../src/adapters/docker/connection.ts";
import { dockerEngine } from "../../../src/adapters/docker/docker-engine.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { tempFolder } from "../../support/temp.ts";

const never = new AbortController().signal;
const id = "a".repeat(64);

/** Something on a socket that is not quite an Engine. */
async function impostor(listener: RequestListener): Promise<AsyncDisposable & { readonly host: string }> {
  const folder = tempFolder("impostor");
  const socket = join(folder.path, "docker.sock");
  const server = createServer((request, response) => {
    if (request.url === "/version") {
      answer(response, { Version: "28.0.0", ApiVersion: "1.48", Os: "linux", Arch: "amd64" });
    } else if (request.url === "/v1.48/info") answer(response, { LoggingDriver: "json-file", DefaultRuntime: "runc" });
    else listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await folder.dispose();
    },
  };
}

function answer(response: Parameters<RequestListener>[1], body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function failure(work: Promise<unknown>): Promise<HoldfastError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    return error;
  }
  return assert.fail("it did not fail");
}

const refusals = [
  { status: 404, message: "No such container: x", code: "ENGINE_GONE", retry: "backoff" },
  { status: 404, message: "No such image: x:1", code: "IMAGE_MISSING", retry: "backoff" },
  { status: 404, message: "network x not found", code: "ENGINE_GONE", retry: "backoff" },
  { status: 404, message: "get x: no such volume", code: "ENGINE_GONE", retry: "backoff" },
  {
    status: 400,
    message: "could not get container for x: No such container: x",
    code: "ENGINE_GONE",
    retry: "backoff",
  },
  { status: 400, message: "invalid reference", code: "ENGINE_CALL", retry: "next-revision" },
  { status: 409, message: "Conflict. The container name is already in use", code: "ENGINE_CALL", retry: "backoff" },
  {
    status: 500,
    message: "Bind for 0.0.0.0:443 failed: port is already allocated",
    code: "PORT_TAKEN",
    retry: "backoff",
  },
] as const;

for (const { status, message, code, retry } of refusals) {
  test(`a call that the Engine refuses with ${status} fails with ${code} and the Engine's words`, async () => {
    await using engine = await impostor((_, response) => answer(response, { message }, status));
    const error = await failure(dockerEngine(engine).startContainer(id, never));
    assert.deepEqual([error.code, error.retry], [code, retry]);
    assert.ok(error.message.includes(`start container aaaaaaaaaaaa: ${message}`), error.message);
    assert.notEqual(error.hint, "");
  });
}

test("a call to an Engine that says nothing ends with the time limit", async () => {
  await using engine = await impostor(() => {});
  const error = await failure(dockerEngine({ ...engine, timeouts: { callMs: 50 } }).startContainer(id, never));
  assert.deepEqual([error.code, error.retry], ["ENGINE_CALL", "backoff"]);
  assert.match(error.message, /no answer from the Docker Engine within 0.05 s/);
});

test("an answer that is cut off half-way ends with the time limit, too", async () => {
  await using engine = await impostor((request, response) => {
    response.writeHead(200, { "content-length": 1000 }).write("{");
    setImmediate(() => request.socket.destroy());
  });
  const error = await failure(dockerEngine({ ...engine, timeouts: { callMs: 200 } }).inspectState(id, never));
  assert.match(error.code, /^ENGINE_(CALL|UNREACHABLE)$/);
});

test("a call ends at once when its caller gives up", async () => {
  const stop = new AbortController();
  await using engine = await impostor(() => stop.abort());
  const error = await failure(dockerEngine(engine).startContainer(id, stop.signal));
  assert.equal(error.code, "CANCELLED");
});

test("a pull fails when the Engine says nothing more", async () => {
  await using engine = await impostor((_, response) =>
    void response.writeHead(200).write('{"status":"Pulling from a"}\n')
  );
  const error = await failure(dockerEngine({ ...engine, timeouts: { pullSilenceMs: 50 } }).pullImage("a:1", {}, never));
  assert.equal(error.code, "IMAGE_PULL");
  assert.match(error.message, /stopped answering/);
});

test("a pull of which the Engine reports an error half-way fails with the registry's words", async () => {
  const lines = [{ status: "Pulling fs layer", id: "1" }, {
    errorDetail: {},
    error: "unauthorized: authentication required",
  }];
  await using engine = await impostor((_, response) =>
    response.writeHead(200).end(lines.map((line) => JSON.stringify(line)).join("\n"))
  );
  const error = await failure(dockerEngine(engine).pullImage("registry.test/a:1", {}, never));
  assert.equal(error.code, "IMAGE_PULL");
  assert.match(error.message, /Cannot pull "registry.test\/a:1": unauthorized: authentication required/);
  assert.match(error.hint, /credentials/);
});

test("without an Engine at the socket every call says so", async () => {
  const error = await failure(dockerEngine({ host: "unix:///nowhere/docker.sock" }).startContainer(id, never));
  assert.deepEqual([error.code, error.retry], ["ENGINE_UNREACHABLE", "backoff"]);
  assert.match(error.message, /\/nowhere\/docker.sock/);
  assert.match(error.hint, /systemctl start docker/);
});

test("dockerEngine() refuses a host that is no unix socket", () => {
  for (const host of ["tcp://127.0.0.1:2375", "ssh://host", "unix://relative.sock", ""]) {
    assert.throws(
      () => dockerEngine({ host }),
      (error) => error instanceof HoldfastError && error.code === "CONFIG_INVALID",
    );
  }
});

const versions = [
  { offers: "1.41", least: "1.12", takes: 41 },
  { offers: "1.45", least: "1.24", takes: 45 },
  { offers: "1.60", least: "1.44", takes: 51 },
  { offers: "1.40", least: "1.12", takes: undefined },
  { offers: "1.70", least: "1.52", takes: undefined },
];
for (const { offers, least, takes } of versions) {
  test(`negotiateApi() of an Engine with ${least} to ${offers} ${takes ? `takes 1.${takes}` : "refuses"}`, () => {
    const version = { Version: "x", ApiVersion: offers, MinAPIVersion: least };
    if (takes) assert.equal(negotiateApi(version), takes);
    else {assert.throws(() =>
        negotiateApi(version), (error) =>
        error instanceof HoldfastError && error.code === "ENGINE_VERSION");}
  });
}
