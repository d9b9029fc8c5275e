import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAuthority } from "../../support/certificates.ts";
import { gitServer } from "../../support/git-server.ts";
import { createRepository } from "../../support/repository.ts";
import { calm, failure, readAll, shortTimeouts, sourceOf, textOf } from "./fixture.ts";

const repository = await createRepository();
after(() => repository.dispose());
await repository.commit({ a: "1" });
const authority = await createAuthority();
after(() => authority.dispose());
const credentials = { ca: async () => authority.cert };

async function serve(names: readonly string[], days?: number) {
  return await gitServer({ root: repository.root, tls: await authority.certify(names, days) });
}

test("a server whose certificate the given authority signed is read, on one connection", async () => {
  await using server = await serve(["127.0.0.1"]);
  await using source = sourceOf(`${server.url}/deployment.git`, { credentials });
  assert.equal(textOf((await readAll(source)).files, "a"), "1");
});

const refused = [
  {
    name: "of an unknown authority",
    names: ["127.0.0.1"],
    credentials: {},
    says: /not signed by an authority that this host trusts/,
    hint: /caFile/,
  },
  {
    name: "with another name",
    names: ["git.example.com"],
    credentials,
    says: /is for "git\.example\.com", needed "127\.0\.0\.1"/,
    hint: /name/,
  },
  { name: "that has expired", names: ["127.0.0.1"], days: -1, credentials, says: /has expired/, hint: /renew/ },
];
for (const { name, names, days, credentials, says, hint } of refused) {
  test(`a certificate ${name} is refused and described`, async () => {
    await using server = await serve(names, days);
    await using source = sourceOf(`${server.url}/deployment.git`, { credentials });
    const error = await failure(source.resolve(calm));
    assert.deepEqual([error.code, error.retry], ["SOURCE_UNREACHABLE", "backoff"]);
    assert.match(error.message, says);
    assert.match(error.hint, hint);
    assert.equal(server.requests.length, 0);
  });
}

test("a server that does not speak TLS is told as such", async () => {
  await using server = await gitServer({ root: repository.root });
  await using source = sourceOf(`${server.url.replace("http:", "https:")}/deployment.git`);
  const { code, message } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_UNREACHABLE");
  assert.match(message, /TLS|tls|SSL/);
});

test("a server that never finishes the handshake is left", async () => {
  await using server = await serve(["127.0.0.1"]);
  server.misbehave({ at: "connection", kind: "stall" });
  await using source = sourceOf(`${server.url}/deployment.git`, { credentials, timeouts: shortTimeouts });
  const { code, message } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_UNREACHABLE");
  assert.match(message, /no connection with TLS came about within 1 s/);
});

test("an authority that was replaced counts from the next attempt on", async () => {
  await using server = await serve(["127.0.0.1"]);
  await using other = await createAuthority();
  let cert = other.cert;
  await using source = sourceOf(`${server.url}/deployment.git`, { credentials: { ca: async () => cert } });
  assert.equal((await failure(source.resolve(calm))).code, "SOURCE_UNREACHABLE");
  cert = authority.cert;
  assert.equal((await source.resolve(calm)).ref, "refs/heads/main");
});
