import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAuthority } from "./certificates.ts";
import { type CommandResult, runCommand } from "./command.ts";
import { gitServer, type GitServerOptions } from "./git-server.ts";
import { gpgHome } from "./gpg.ts";
import { createRepository, gitEnvironment } from "./repository.ts";
import { tempFolder } from "./temp.ts";

const home = tempFolder();
after(() => home.dispose());
const repository = await createRepository("app");
after(() => repository.dispose());
const commit = await repository.commit({
  "compose.yaml": "services: {}\n",
  "run.sh": { text: "#!/bin/sh\n", mode: 0o755 },
});

function lsRemote(url: string, ...config: string[]): Promise<CommandResult> {
  return runCommand("git", [...config, "ls-remote", url, "refs/heads/main"], { env: gitEnvironment(home.path) });
}

async function serve(options: Partial<GitServerOptions> = {}) {
  return await gitServer({ root: repository.root, ...options });
}

test("the same commits have the same ids", () => {
  assert.equal(commit, "d978321d1d248bce2cb7a48641253d0475f2eae5");
});

test("serves a clone, and tells refs listed from packs fetched", async () => {
  await using server = await serve();
  assert.equal((await lsRemote(`${server.url}/app.git`)).stdout.toString(), `${commit}\trefs/heads/main\n`);
  assert.deepEqual([server.count("info/refs"), server.count("ls-refs"), server.count("fetch")], [1, 1, 0]);
  const clone = await runCommand("git", ["clone", `${server.url}/app.git`, `${home.path}/clone`], {
    env: gitEnvironment(home.path),
  });
  assert.equal(clone.code, 0, clone.stderr);
  assert.equal(server.count("fetch"), 1);
});

test("serves https with an authority of its own", async () => {
  await using authority = await createAuthority();
  await using server = await serve({ tls: await authority.certify(["127.0.0.1", "git.test"]) });
  assert.match((await lsRemote(`${server.url}/app.git`)).stderr, /certificate/);
  const { stdout } = await lsRemote(`${server.url}/app.git`, "-c", `http.sslCAInfo=${authority.caFile}`);
  assert.match(stdout.toString(), /refs\/heads\/main/);
});

test("refuses those without the login", async () => {
  await using server = await serve({ login: { username: "deploy", password: "s3cret" } });
  assert.notEqual((await lsRemote(`${server.url}/app.git`)).code, 0);
  assert.equal((await lsRemote(`http://deploy:s3cret@127.0.0.1:${server.port}/app.git`)).code, 0);
});

const faults = [
  { how: { at: "connection", kind: "cut" }, says: /Empty reply|reset/ },
  { how: { at: "info/refs", kind: "cut", afterBytes: 20 }, says: /transfer closed|early EOF/ },
  { how: { at: "ls-refs", kind: "garbage", bytes: "zzzz" }, says: /bad line length|protocol error/ },
  { how: { at: "info/refs", kind: "status", status: 503 }, says: /503/ },
] as const;
for (const { how, says } of faults) {
  test(`can answer with ${how.kind} at ${how.at}`, async () => {
    await using server = await serve();
    server.misbehave(how);
    assert.match((await lsRemote(`${server.url}/app.git`)).stderr, says);
    server.misbehave(undefined);
    assert.equal((await lsRemote(`${server.url}/app.git`)).code, 0);
  });
}

test("can stall at each stage", async () => {
  for (const at of ["connection", "info/refs", "ls-refs"] as const) {
    await using server = await serve();
    server.misbehave({ at, kind: "stall" });
    const args = ["ls-remote", `${server.url}/app.git`];
    assert.equal((await runCommand("git", args, { env: gitEnvironment(home.path), timeoutMs: 500 })).signal, "SIGKILL");
  }
});

test("can redirect", async () => {
  await using target = await serve();
  await using server = await serve();
  server.misbehave({ at: "info/refs", kind: "redirect", to: (url) => target.url + url, times: 1 });
  assert.equal((await lsRemote(`${server.url}/app.git`)).code, 0);
  assert.equal(target.count("info/refs"), 1);
});

test("a commit can be signed by gpg", async () => {
  await using gpg = gpgHome();
  const key = await gpg.generateKey({ userId: "Ops <ops@example.com>", passphrase: "" });
  await repository.commit({ "a.txt": "a" }, "signed", { sign: { home: gpg.home, key } });
  assert.match(await repository.git("cat-file", "commit", "HEAD"), /-----BEGIN PGP SIGNATURE-----/);
});
