import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { after, beforeEach, test } from "node:test";
import { gitServer, type Misbehaviour } from "../../support/git-server.ts";
import { createRepository } from "../../support/repository.ts";
import { calm, failure, proxyTo, readAll, shortTimeouts, sourceOf } from "./fixture.ts";

const repository = await createRepository();
after(() => repository.dispose());
// Bytes that do not compress: the pack is as large as they are, and a stall or a cut falls inside it.
const noise = Uint8Array.from(randomBytes(300_000));
await repository.commit({ "compose.yaml": "services: {}\n", noise });
const server = await gitServer({ root: repository.root });
after(() => server.dispose());
const url = `${server.url}/deployment.git`;
beforeEach(() => server.misbehave(undefined));

const html = "<html><body>Sign in</body></html>";
const emptyPack = "0011shallow-info\n";

const faults: readonly { how: Misbehaviour; code: string; retry?: string; says: RegExp }[] = [
  { how: { at: "connection", kind: "cut" }, code: "SOURCE_UNREACHABLE", says: /the connection was cut/ },
  { how: { at: "connection", kind: "stall" }, code: "SOURCE_UNREACHABLE", says: /no answer came within 1 s/ },
  ...(["info/refs", "ls-refs", "fetch"] as const).flatMap((at) => [
    { how: { at, kind: "stall" } as const, code: "SOURCE_UNREACHABLE", says: /no answer came within 1 s/ },
    {
      how: { at, kind: "stall", afterBytes: 20 } as const,
      code: "SOURCE_UNREACHABLE",
      says: /nothing more of the answer came/,
    },
    { how: { at, kind: "cut" } as const, code: "SOURCE_UNREACHABLE", says: /the connection was cut/ },
    { how: { at, kind: "cut", afterBytes: 20 } as const, code: "SOURCE_UNREACHABLE", says: /the connection was cut/ },
    {
      how: { at, kind: "garbage", bytes: "zzzz not git" } as const,
      code: "SOURCE_PROTOCOL",
      says: /not in git's wire format/,
    },
    { how: { at, kind: "garbage", bytes: "" } as const, code: "SOURCE_PROTOCOL", says: /it is empty or ends early/ },
    { how: { at, kind: "garbage", bytes: "00" } as const, code: "SOURCE_PROTOCOL", says: /ends inside a packet/ },
    { how: { at, kind: "garbage", bytes: "0003" } as const, code: "SOURCE_PROTOCOL", says: /no known kind/ },
    {
      how: { at, kind: "status", status: 401 } as const,
      code: "SOURCE_DENIED",
      retry: "operator",
      says: /401 to a request without credentials/,
    },
    { how: { at, kind: "status", status: 403 } as const, code: "SOURCE_DENIED", retry: "operator", says: /403/ },
    { how: { at, kind: "status", status: 404 } as const, code: "SOURCE_NOT_FOUND", retry: "operator", says: /404/ },
    { how: { at, kind: "status", status: 500 } as const, code: "SOURCE_UNREACHABLE", says: /500/ },
    { how: { at, kind: "status", status: 429 } as const, code: "SOURCE_UNREACHABLE", says: /429/ },
    { how: { at, kind: "status", status: 418 } as const, code: "SOURCE_PROTOCOL", says: /418/ },
    {
      how: { at, kind: "status", status: 200, headers: { "content-type": "text/html" }, body: html } as const,
      code: "SOURCE_PROTOCOL",
      says: /"text\/html"/,
    },
    { how: { at, kind: "status", status: 200, body: html } as const, code: "SOURCE_PROTOCOL", says: /no content type/ },
  ]),
  {
    how: { at: "fetch", kind: "stall", afterBytes: 150_000 },
    code: "SOURCE_UNREACHABLE",
    says: /nothing more of the answer came/,
  },
  {
    how: { at: "info/refs", kind: "garbage", bytes: "0016ERR access denied\n" },
    code: "SOURCE_PROTOCOL",
    says: /says "access denied"/,
  },
  {
    how: { at: "ls-refs", kind: "garbage", bytes: "0010not a ref\n\n\n0000" },
    code: "SOURCE_PROTOCOL",
    says: /as a ref/,
  },
  { how: { at: "fetch", kind: "garbage", bytes: "0000" }, code: "SOURCE_PROTOCOL", says: /does not begin with a pack/ },
  { how: { at: "fetch", kind: "garbage", bytes: emptyPack }, code: "SOURCE_PROTOCOL", says: /ends early/ },
  {
    how: { at: "fetch", kind: "garbage", bytes: "000dpackfile\n0000" },
    code: "SOURCE_PROTOCOL",
    says: /0 bytes are no pack/,
  },
  {
    how: { at: "fetch", kind: "garbage", bytes: "000dpackfile\n000f\x03disk full\n0000" },
    code: "SOURCE_PROTOCOL",
    says: /says "disk full"/,
  },
  {
    how: { at: "info/refs", kind: "garbage", bytes: "000eversion 2\n000cls-refs\n0011fetch=filter\n0000" },
    code: "SOURCE_PROTOCOL",
    says: /shallow/,
  },
  {
    how: {
      at: "info/refs",
      kind: "garbage",
      bytes: "000eversion 2\n000cls-refs\n0012fetch=shallow\n0019object-format=sha256\n0000",
    },
    code: "SOURCE_PROTOCOL",
    says: /sha256/,
  },
];

for (const { how, code, retry, says } of faults) {
  const { at, kind, ...rest } = how;
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : "";
  test(`${kind}${details} at ${at} is ${code}, keeps nothing, and does not harm the next attempt`, async () => {
    await using source = sourceOf(url, { timeouts: shortTimeouts });
    server.misbehave(how);
    const error = await failure(readAll(source));
    assert.match(error.message, says);
    assert.deepEqual([error.code, error.retry], [code, retry ?? "backoff"]);
    assert.deepEqual(await namesIn(source.store), []);
    server.misbehave(undefined);
    const { files } = await readAll(source);
    assert.deepEqual(files.get("noise")?.bytes, Buffer.from(noise));
  });
}

test("a fetch that is cut at every tenth of the pack leaves nothing, and the next one succeeds", async () => {
  await using source = sourceOf(url);
  const tip = await source.resolve(calm);
  for (let tenth = 0; tenth < 10; tenth++) {
    server.misbehave({ at: "fetch", kind: "cut", afterBytes: tenth * 30_000 + 100 });
    const { code } = await failure(source.fetch(tip, calm));
    assert.equal(code, "SOURCE_UNREACHABLE");
    assert.deepEqual(await namesIn(source.store), []);
    assert.equal((await failure(source.read(tip.commit, calm))).code, "SOURCE_NOT_FOUND");
  }
  server.misbehave(undefined);
  await source.fetch(tip, calm);
  assert.equal((await source.read(tip.commit, calm)).files.size, 2);
  assert.deepEqual(await namesIn(source.store), [tip.commit]);
});

test("a cancelled fetch ends inside the pack and keeps nothing", async () => {
  await using source = sourceOf(url);
  const tip = await source.resolve(calm);
  server.misbehave({ at: "fetch", kind: "stall", afterBytes: 100_000 });
  const cancel = new AbortController();
  const fetching = failure(source.fetch(tip, cancel.signal));
  while (server.count("fetch") === 0) await new Promise((resolve) => setImmediate(resolve));
  cancel.abort();
  assert.equal((await fetching).code, "CANCELLED");
  assert.deepEqual(await namesIn(source.store), []);
});

test("the whole of a call has a time limit, whatever its stages do", async () => {
  await using source = sourceOf(url, { timeouts: { totalMs: 300 } });
  server.misbehave({ at: "ls-refs", kind: "stall" });
  const { code, message } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_UNREACHABLE");
  assert.match(message, /did not finish within 0\.3 s/);
});

test("more bytes than fit are refused while they come, and not asked for again", async () => {
  await using source = sourceOf(url, { limits: { maxPackBytes: 100_000 } });
  const tip = await source.resolve(calm);
  const { code, retry, message } = await failure(source.fetch(tip, calm));
  assert.deepEqual([code, retry], ["SOURCE_LIMIT", "next-revision"]);
  assert.match(message, /100000/);
  assert.deepEqual(await namesIn(source.store), []);
  server.requests.length = 0;
  assert.equal((await failure(source.fetch(tip, calm))).code, "SOURCE_LIMIT");
  assert.equal(server.requests.length, 0);
});

test("a connection that the server closed between two polls is made anew", async () => {
  await using proxy = await proxyTo(server.url, { protocol: "any" });
  await using source = sourceOf(`${proxy.url}/deployment.git`);
  const tip = await source.resolve(calm);
  proxy.closeConnections();
  assert.deepEqual(await source.resolve(calm), tip);
  assert.equal(proxy.connections(), 2);
});

for (
  const { name, address, says } of [
    {
      name: "a closed port",
      address: "http://127.0.0.1:9/a.git",
      says: /nothing accepts connections at 127\.0\.0\.1:9/,
    },
    {
      name: "an unknown host",
      address: "http://git.invalid/a.git",
      says: /git\.invalid (is not known|could not be looked up)/,
    },
  ]
) {
  test(`${name} is told as such`, async () => {
    await using source = sourceOf(address);
    const { code, retry, message } = await failure(source.resolve(calm));
    assert.deepEqual([code, retry], ["SOURCE_UNREACHABLE", "backoff"]);
    assert.match(message, says);
  });
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}
