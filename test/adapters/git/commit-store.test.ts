import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { scriptArguments, startScript } from "../../support/child.ts";
import { output } from "../../support/command.ts";
import { gitServer } from "../../support/git-server.ts";
import { createRepository } from "../../support/repository.ts";
import { tempFolder } from "../../support/temp.ts";
import { until } from "../../support/until.ts";
import { calm, failure, readAll, sourceOf } from "./fixture.ts";

const repository = await createRepository();
after(() => repository.dispose());
const first = await repository.commit({ a: "1" });
const second = await repository.commit({ a: "2" });
const server = await gitServer({ root: repository.root });
after(() => server.dispose());
const url = `${server.url}/deployment.git`;
const ref = "refs/heads/main";

async function bothStored() {
  const source = sourceOf(url);
  for (const commit of [first, second]) await source.fetch({ commit, ref }, calm);
  return source;
}

test("prune() keeps what it is told to, and removes the rest", async () => {
  await using source = await bothStored();
  await source.prune([first, second]);
  assert.deepEqual((await readdir(source.store)).sort(), [first, second].sort());
  await source.prune([first]);
  assert.deepEqual(await readdir(source.store), [first]);
  assert.equal((await failure(source.read(second, calm))).code, "SOURCE_NOT_FOUND");
  assert.equal((await source.fetch({ commit: second, ref }, calm)).commit, second);
});

test("prune() of a store that was never made does nothing", async () => {
  await using source = sourceOf(url);
  await source.prune([]);
});

test("the store is the user's own", async () => {
  await using source = await bothStored();
  assert.equal((await stat(source.store)).mode & 0o777, 0o700);
  assert.equal((await stat(`${source.store}/${first}/pack`)).mode & 0o777, 0o600);
});

test("what a fetch that died has left is removed by the next start, what is under way is not", async () => {
  await using source = sourceOf(url);
  const gone = `${source.store}/.incoming-999999999-abcd-0`;
  const reused = `${source.store}/.incoming-${process.pid}-abcd-0`;
  const alive = `${source.store}/.incoming-${process.ppid}-abcd-0`;
  const forgotten = `${source.store}/.incoming-${process.ppid}-abcd-1`;
  for (const folder of [gone, reused, alive, forgotten]) {
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}/pack`, "PACK half");
  }
  for (const path of [forgotten, `${forgotten}/pack`]) await utimes(path, 1, 1);
  await readAll(source);
  assert.deepEqual((await readdir(source.store)).sort(), [alive.slice(source.store.length + 1), second].sort());
});

test("a process that is killed inside a fetch leaves nothing that a later one uses or keeps", async () => {
  await using noisy = await createRepository();
  await noisy.commit({ noise: Uint8Array.from(randomBytes(300_000)) });
  await using noisyServer = await gitServer({ root: noisy.root });
  await using source = sourceOf(`${noisyServer.url}/deployment.git`);
  noisyServer.misbehave({ at: "fetch", kind: "stall", afterBytes: 200_000 });
  const child = startScript(new URL("_fetch.ts", import.meta.url), [`${noisyServer.url}/deployment.git`, source.store]);
  const ended = once(child, "close");
  const left = await until("half a pack", async () => {
    const [name = ""] = await readdir(source.store);
    return (await stat(join(source.store, name, "pack"))).size > 100_000 && name;
  });
  child.kill("SIGKILL");
  await ended;
  assert.deepEqual(await readdir(source.store), [left]);
  noisyServer.misbehave(undefined);
  const { revision, files } = await readAll(source);
  assert.equal(files.get("noise")?.bytes.length, 300_000);
  assert.deepEqual(await readdir(source.store), [revision.commit]);
});

test("a full disk is told as such, and nothing half-written stays", async () => {
  await using large = await createRepository();
  await large.commit({ noise: Uint8Array.from(randomBytes(300_000)) });
  await using folder = tempFolder("full");
  // The small file system lives in a mount namespace of the child: nothing to unmount afterwards.
  const namespace = process.getuid!() === 0 ? "-m" : "-rm";
  const mount = 'mount -t tmpfs -o size=100k tmpfs "$0" && exec "$@"';
  const script = [
    process.execPath,
    ...scriptArguments(new URL("_full-disk.ts", import.meta.url)),
    large.bare,
    folder.path,
  ];
  const answer = await output("unshare", [namespace, "sh", "-c", mount, folder.path, ...script]);
  const { code, retry, hint, left } = JSON.parse(answer.toString());
  assert.deepEqual({ code, retry, left }, { code: "STATE_WRITE", retry: "backoff", left: [] });
  assert.match(hint, /free space/);
});

const damages = [
  { name: "a flipped byte", damage: flip },
  { name: "a cut", damage: async (pack: string) => writeFile(pack, (await readFile(pack)).subarray(0, -30)) },
  { name: "nothing in it", damage: (pack: string) => writeFile(pack, "") },
  { name: "no pack at all", damage: (pack: string) => rm(pack) },
  {
    name: "another commit's pack",
    damage: async (pack: string) => writeFile(pack, await readFile(pack.replace(second, first))),
  },
];
for (const { name, damage } of damages) {
  test(`a stored commit with ${name} is never read, and fetched again`, async () => {
    await using source = await bothStored();
    await damage(`${source.store}/${second}/pack`);
    assert.equal((await failure(source.read(second, calm))).code, "SOURCE_NOT_FOUND");
    await using restarted = sourceOf(url, { storeFolder: source.store });
    await restarted.fetch({ commit: second, ref }, calm);
    assert.equal((await restarted.read(second, calm)).files.size, 1);
    assert.deepEqual((await readdir(source.store)).sort(), [first, second].sort());
  });
}

test("two sources that fetch one commit at the same time both have it", async () => {
  await using one = sourceOf(url);
  await using two = sourceOf(url, { storeFolder: one.store });
  await Promise.all([readAll(one), readAll(two)]);
  assert.deepEqual(await readdir(one.store), [second]);
});

test("a commit's id that is none never becomes a path", async () => {
  await using source = sourceOf(url);
  for (const commit of ["../../etc", "HEAD", "", second.slice(1)]) {
    assert.equal((await failure(source.read(commit, calm))).code, "SOURCE_REF");
    assert.equal((await failure(source.fetch({ commit, ref }, calm))).code, "SOURCE_REF");
  }
});

test("a store that cannot be written is told as the operator's", async () => {
  await using source = sourceOf(url);
  await writeFile(source.store, "a file where a folder should be");
  const { code, message } = await failure(source.fetch({ commit: second, ref }, calm));
  assert.equal(code, "STATE_WRITE");
  assert.match(message, /ENOTDIR|EEXIST/);
});

async function flip(pack: string): Promise<void> {
  const bytes = await readFile(pack);
  bytes[30]! ^= 1;
  await writeFile(pack, bytes);
}
