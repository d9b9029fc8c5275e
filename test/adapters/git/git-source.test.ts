import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gitServer } from "../../support/git-server.ts";
import { createRepository } from "../../support/repository.ts";
import { annotate, calm, failure, proxyTo, readAll, sourceOf, textOf } from "./fixture.ts";

const repository = await createRepository();
after(() => repository.dispose());
const first = await repository.commit({ "compose.yaml": "services: {}\n" }, "first");
const second = await repository.commit(
  {
    "compose.yaml": "services: { web: {} }\n",
    "production/run.sh": { text: "#!/bin/sh\n", mode: 0o755 },
    "production/link": { link: "../compose.yaml" },
    "bytes": Uint8Array.from([0, 255, 10, 13]),
  },
  "second: more\n\nThe body.",
  { author: "Øyvind <oy@example.com>" },
);
await repository.git("tag", "light", first);
await repository.git("push", "--quiet", "--tags");
await annotate(repository, "v1", first);
await annotate(repository, "v1-again", "v1");
const server = await gitServer({ root: repository.root });
after(() => server.dispose());
const old = await proxyTo(server.url, { protocol: "v0" });
after(() => old.dispose());

const transports = [
  { name: "http v2", url: `${server.url}/deployment.git` },
  { name: "http v0", url: `${old.url}/deployment.git` },
  { name: "a bare folder", url: repository.bare },
  { name: "a clone's folder", url: repository.clone },
  { name: "file://", url: `file://${repository.bare}` },
];

for (const { name, url } of transports) {
  test(`${name}: reads the branch's commit with its files`, async () => {
    await using source = sourceOf(url);
    const { revision, files } = await readAll(source);
    assert.deepEqual(revision, {
      commit: second,
      tree: await repository.git("rev-parse", "HEAD^{tree}"),
      ref: "refs/heads/main",
      subject: "second: more",
      author: { name: "Øyvind", email: "oy@example.com" },
      committedAt: Date.UTC(2026, 0, 1, 0, 1) / 1000,
    });
    assert.deepEqual([...files.keys()], ["bytes", "compose.yaml", "production/link", "production/run.sh"]);
    assert.equal(files.get("production/run.sh")?.mode, "executable");
    assert.deepEqual([files.get("production/link")?.mode, textOf(files, "production/link")], [
      "link",
      "../compose.yaml",
    ]);
    assert.deepEqual([...files.get("bytes")!.bytes], [0, 255, 10, 13]);
  });

  const refs = [
    { ref: undefined, commit: second, is: "refs/heads/main" },
    { ref: "HEAD", commit: second, is: "refs/heads/main" },
    { ref: "refs/heads/main", commit: second, is: "refs/heads/main" },
    { ref: "light", commit: first, is: "refs/tags/light" },
    { ref: "v1", commit: first, is: "refs/tags/v1" },
    { ref: "refs/tags/v1-again", commit: first, is: "refs/tags/v1-again" },
    { ref: second, commit: second, is: second },
  ];
  for (const { ref, commit, is } of refs) {
    test(`${name}: resolves and reads ${ref === second ? "a commit" : ref ?? "the remote's HEAD by default"}`, async () => {
      await using source = sourceOf(url, { ref });
      assert.deepEqual(await source.resolve(calm), { commit, ref: is });
      const { revision } = await readAll(source);
      assert.deepEqual([revision.commit, revision.ref], [commit, is]);
    });
  }

  test(`${name}: a missing ref is told with the nearest one`, async () => {
    await using source = sourceOf(url, { ref: "mian" });
    const { code, retry, message, hint } = await failure(source.resolve(calm));
    assert.deepEqual([code, retry], ["SOURCE_REF", "next-revision"]);
    assert.match(message, /has no branch or tag "mian"/);
    assert.match(hint, /did you mean "main"\?/);
  });

  test(`${name}: a commit that is not there is a missing ref`, async () => {
    await using source = sourceOf(url, { ref: "1".repeat(40) });
    const { code, message } = await failure(readAll(source));
    assert.equal(code, "SOURCE_REF");
    assert.match(message, /1{40}/);
  });
}

test("an unmoved branch costs one request, on the kept connection", async () => {
  await using proxy = await proxyTo(server.url, { protocol: "any" });
  await using source = sourceOf(`${proxy.url}/deployment.git`);
  await readAll(source);
  server.requests.length = 0;
  for (let poll = 1; poll <= 5; poll++) {
    const tip = await source.resolve(calm);
    await source.fetch(tip, calm);
    assert.deepEqual(server.requests.map(({ kind }) => kind), Array(poll).fill("ls-refs"));
  }
  assert.equal(proxy.connections(), 1);
});

test("an unmoved branch of a v0 server costs one request", async () => {
  await using source = sourceOf(`${old.url}/deployment.git`);
  await readAll(source);
  server.requests.length = 0;
  await source.fetch(await source.resolve(calm), calm);
  assert.deepEqual(server.requests.map(({ kind }) => kind), ["info/refs"]);
});

test("a commit's id costs no request, until it is fetched", async () => {
  await using source = sourceOf(`${server.url}/deployment.git`, { ref: first });
  server.requests.length = 0;
  const tip = await source.resolve(calm);
  assert.equal(server.requests.length, 0);
  await source.fetch(tip, calm);
  assert.deepEqual(server.requests.map(({ kind }) => kind), ["info/refs", "fetch"]);
});

test("a commit that is in the store costs no network, also after a restart and without a server", async () => {
  await using source = sourceOf(`${server.url}/deployment.git`);
  const tip = await source.resolve(calm);
  await source.fetch(tip, calm);
  await using later = sourceOf("http://127.0.0.1:9/gone.git", { storeFolder: source.store });
  assert.equal((await later.fetch(tip, calm)).commit, second);
  const { revision, files } = await later.read(second, calm);
  assert.deepEqual([revision.ref, files.size], ["refs/heads/main", 4]);
});

test("a commit that another ref points to now is told by that ref", async () => {
  await using source = sourceOf(`${server.url}/deployment.git`);
  await source.fetch({ commit: first, ref: "refs/tags/light" }, calm);
  assert.equal((await source.fetch({ commit: first, ref: "refs/tags/v1" }, calm)).ref, "refs/tags/v1");
  assert.equal((await source.read(first, calm)).revision.ref, "refs/tags/v1");
});

test("one ref is fetched, without its history", async () => {
  await using source = sourceOf(`${server.url}/deployment.git`);
  await readAll(source);
  const { code } = await failure(source.read(first, calm));
  assert.equal(code, "SOURCE_NOT_FOUND");
});

for (const { name, url } of transports.filter(({ name }) => name !== "a clone's folder" && name !== "file://")) {
  test(`${name}: an empty repository is told as such, and read once something was pushed`, async () => {
    await using fresh = await createRepository();
    await using emptyServer = await gitServer({ root: fresh.root });
    await using emptyOld = await proxyTo(emptyServer.url, { protocol: "v0" });
    const base = name === "http v2" ? emptyServer.url : name === "http v0" ? emptyOld.url : fresh.root;
    await using source = sourceOf(`${base}/deployment.git`, { ref: url ? undefined : "main" });
    const { code, retry, message } = await failure(source.resolve(calm));
    assert.deepEqual([code, retry], ["SOURCE_REF", "next-revision"]);
    assert.match(message, /is empty/);
    await fresh.commit({ a: "1" });
    assert.equal(textOf((await readAll(source)).files, "a"), "1");
  });
}

test("a HEAD without a commit names the branches there are", async () => {
  await using odd = await createRepository();
  await odd.commit({ a: "1" });
  await odd.gitBare("symbolic-ref", "HEAD", "refs/heads/none");
  await using source = sourceOf(odd.bare, { ref: undefined });
  const { code, hint } = await failure(source.resolve(calm));
  assert.equal(code, "SOURCE_REF");
  assert.match(hint, /"main"/);
});

test("a branch goes before a tag of the same name", async () => {
  await using twins = await createRepository();
  const one = await twins.commit({ a: "1" });
  const two = await twins.commit({ a: "2" });
  await twins.git("push", "--quiet", "origin", `${one}:refs/tags/main`);
  await using source = sourceOf(twins.bare);
  assert.deepEqual(await source.resolve(calm), { commit: two, ref: "refs/heads/main" });
});

test("a force push backwards and a push are both followed", async () => {
  await using moving = await createRepository();
  await using movingServer = await gitServer({ root: moving.root });
  const one = await moving.commit({ a: "1" });
  await using source = sourceOf(`${movingServer.url}/deployment.git`);
  await readAll(source);
  await moving.commit({ a: "2" });
  assert.equal(textOf((await readAll(source)).files, "a"), "2");
  await moving.git("reset", "--quiet", "--hard", one);
  await moving.git("push", "--quiet", "--force");
  assert.equal(textOf((await readAll(source)).files, "a"), "1");
});

test("a tag of a tree is no revision", async () => {
  await using odd = await createRepository();
  await odd.commit({ a: "1" });
  await annotate(odd, "tree", "HEAD^{tree}");
  await using source = sourceOf(odd.bare, { ref: "tree" });
  const { code, message } = await failure(readAll(source));
  assert.equal(code, "SOURCE_REF");
  assert.match(message, /is a tree, no commit/);
});

test("a commit without files has none", async () => {
  await using bare = await createRepository();
  await bare.commit({});
  await using bareServer = await gitServer({ root: bare.root });
  await using source = sourceOf(`${bareServer.url}/deployment.git`);
  assert.equal((await readAll(source)).files.size, 0);
});

for (const ref of ["mai n", "a..b", "x\ny", "-x", "a.lock", "@{1}", "refs/", "v3.7.*"]) {
  test(`${JSON.stringify(ref)} is no ref and reaches no server`, async () => {
    await using source = sourceOf("http://127.0.0.1:9/x.git", { ref });
    const { code, message } = await failure(source.resolve(calm));
    assert.equal(code, "SOURCE_REF");
    assert.match(message, /no name of a ref/);
  });
}

const addresses = [
  { repository: "https://deploy:s3cret@git.example.com/a.git", code: "CONFIG_INVALID", says: /tokenFile/ },
  { repository: "https://s3cret@git.example.com/a.git", code: "CONFIG_INVALID", says: /tokenFile/ },
  { repository: "ssh://git:s3cret@git.example.com/a.git", code: "SOURCE_NOT_FOUND", says: /not ssh/ },
  { repository: "s3cret@git.example.com:ops/a.git", code: "SOURCE_NOT_FOUND", says: /not ssh/ },
  { repository: "git://git.example.com/a.git", code: "SOURCE_NOT_FOUND", says: /https:\/\/HOST/ },
  { repository: "some/folder", code: "SOURCE_NOT_FOUND", says: /absolute path/ },
  { repository: "https://git.example.com/a.git?token=s3cret", code: "SOURCE_NOT_FOUND", says: /query/ },
];
for (const { repository, code, says } of addresses) {
  test(`${repository.replace(/s3cret/, "…")} is refused, and its credentials are not repeated`, async () => {
    await using source = sourceOf(repository);
    const error = await failure(source.resolve(calm));
    assert.deepEqual([error.code, error.retry], [code, "operator"]);
    assert.match(`${error.message}\n${error.hint}`, says);
    assert.doesNotMatch(`${error.message}\n${error.hint}\n${error.stack}`, /s3cret/);
  });
}

test("what was cancelled ends at once and says so", async () => {
  await using source = sourceOf(`${server.url}/deployment.git`);
  const { code } = await failure(source.resolve(AbortSignal.abort()));
  assert.equal(code, "CANCELLED");
});
