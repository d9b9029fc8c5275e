import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { gitServer } from "../../support/git-server.ts";
import { createAuthority } from "../../support/certificates.ts";
import { createRepository } from "../../support/repository.ts";
import { calm, failure, readAll, sourceOf, textOf } from "./fixture.ts";

const repository = await createRepository();
after(() => repository.dispose());
await repository.commit({ a: "1" });
const authority = await createAuthority();
after(() => authority.dispose());
const ca = async () => authority.cert;
const target = await gitServer({ root: repository.root });
after(() => target.dispose());
const secure = await gitServer({ root: repository.root, tls: await authority.certify(["127.0.0.1"]) });
after(() => secure.dispose());
const front = await gitServer({ root: repository.root });
after(() => front.dispose());
const secureFront = await gitServer({ root: repository.root, tls: await authority.certify(["127.0.0.1"]) });
after(() => secureFront.dispose());
const login = { username: "deploy", password: "s3cret-token" };
const locked = await gitServer({ root: repository.root, login });
after(() => locked.dispose());
const servers = [target, secure, front, secureFront, locked];
beforeEach(() => {
  for (const server of servers) {
    server.misbehave(undefined);
    server.requests.length = 0;
  }
});
const credentials = { token: async () => `${login.password}\n`, username: login.username, ca };

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} of the first request is followed, and the rest goes where it led`, async () => {
    front.misbehave({ at: "info/refs", kind: "redirect", status, to: (url) => target.url + url });
    await using source = sourceOf(`${front.url}/deployment.git`);
    assert.equal(textOf((await readAll(source)).files, "a"), "1");
    await source.resolve(calm);
    assert.deepEqual(front.requests.map(({ kind }) => kind), ["info/refs"]);
    assert.deepEqual(target.requests.map(({ kind }) => kind), ["info/refs", "ls-refs", "fetch", "ls-refs"]);
  });
}

test("a redirect to another path of the same server keeps the credentials", async () => {
  locked.misbehave({
    at: "info/refs",
    kind: "redirect",
    times: 1,
    to: (url) => url.replace("/old/", "/deployment.git/"),
  });
  await using source = sourceOf(`${locked.url}/old`, { credentials });
  assert.equal(textOf((await readAll(source)).files, "a"), "1");
});

test("a redirect to another host or port does not take the credentials along", async () => {
  front.misbehave({ at: "info/refs", kind: "redirect", to: (url) => target.url + url });
  await using source = sourceOf(`${front.url}/deployment.git`, { credentials });
  await readAll(source);
  assert.match(String(front.requests[0]?.headers.authorization), /^Basic /);
  assert.deepEqual(target.requests.map(({ headers }) => headers.authorization), [undefined, undefined, undefined]);
});

test("a redirect to where credentials would be needed says that they are not sent there", async () => {
  front.misbehave({ at: "info/refs", kind: "redirect", to: (url) => locked.url + url });
  await using source = sourceOf(`${front.url}/deployment.git`, { credentials });
  const { code, message, hint } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_DENIED");
  assert.match(message, /without credentials/);
  assert.match(hint, /sent to the host of `repository` only/);
  assert.doesNotMatch(message + hint, /s3cret/);
});

test("credentials inside a redirect's address are dropped, and not repeated", async () => {
  const to = (url: string) => locked.url.replace("//", `//${login.username}:${login.password}@`) + url;
  front.misbehave({ at: "info/refs", kind: "redirect", to });
  await using source = sourceOf(`${front.url}/deployment.git`);
  const { code, message, hint } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_DENIED");
  assert.deepEqual(locked.requests.map(({ headers }) => headers.authorization), [undefined]);
  assert.doesNotMatch(message + hint, /s3cret/);
});

test("a redirect from http to https is followed", async () => {
  front.misbehave({ at: "info/refs", kind: "redirect", to: (url) => secure.url + url });
  await using source = sourceOf(`${front.url}/deployment.git`, { credentials: { ca } });
  assert.equal(textOf((await readAll(source)).files, "a"), "1");
});

test("a redirect from https to http is refused", async () => {
  secureFront.misbehave({ at: "info/refs", kind: "redirect", to: (url) => target.url + url });
  await using source = sourceOf(`${secureFront.url}/deployment.git`, { credentials: { ca } });
  const { code, message } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_PROTOCOL");
  assert.match(message, /from https to "http:.*" ?, which is not encrypted/);
  assert.equal(target.requests.length, 0);
});

for (const at of ["ls-refs", "fetch"] as const) {
  test(`a redirect of ${at} is refused, and the next attempt starts anew`, async () => {
    front.misbehave({ at, kind: "redirect", status: 307, to: (url) => target.url + url });
    await using source = sourceOf(`${front.url}/deployment.git`);
    const { code, message } = await failure(readAll(source));
    assert.equal(code, "SOURCE_PROTOCOL");
    assert.match(message, /only the first request may follow/);
    assert.equal(target.requests.length, 0);
    front.misbehave(undefined);
    await readAll(source);
  });
}

test("three redirects are followed, not four", async () => {
  await using source = sourceOf(`${front.url}/deployment.git`);
  const to = (url: string) => url.replace("service=", "x=&service=");
  front.misbehave({ at: "info/refs", kind: "redirect", times: 3, to });
  await source.resolve(calm);
  await using other = sourceOf(`${front.url}/deployment.git`);
  front.misbehave({ at: "info/refs", kind: "redirect", times: 4, to });
  const { code, message } = await failure(other.resolve(calm));
  assert.equal(code, "SOURCE_PROTOCOL");
  assert.match(message, /more than 3 times/);
});

for (
  const { name, to, says } of [
    { name: "a page", to: () => "/login?next=/", says: /which is no repository/ },
    { name: "a file", to: () => "file:///etc/passwd", says: /redirects to "file:/ },
    { name: "nonsense", to: () => "http://[", says: /redirects to "http:\/\/\["/ },
  ]
) {
  test(`a redirect to ${name} is refused`, async () => {
    front.misbehave({ at: "info/refs", kind: "redirect", to });
    await using source = sourceOf(`${front.url}/deployment.git`);
    const { code, message } = await failure(source.resolve(calm));
    assert.equal(code, "SOURCE_PROTOCOL");
    assert.match(message, says);
  });
}

test("a token opens a repository, and is read again for every request", async () => {
  let token = "wrong";
  await using source = sourceOf(`${locked.url}/deployment.git`, {
    credentials: { ...credentials, token: async () => token },
  });
  const { code, message, hint } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_DENIED");
  assert.match(message, /with the token/);
  assert.match(hint, /tokenFile/);
  token = login.password;
  assert.equal(textOf((await readAll(source)).files, "a"), "1");
});
