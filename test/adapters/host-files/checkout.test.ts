import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { hostFiles, type HostFilesOptions } from "../../../src/adapters/host-files/host-files.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { tempFolder } from "../../support/temp.ts";
import { never, revision, testKey } from "./_files.ts";
import { modeOf, tree } from "./_tree.ts";

const temp = tempFolder("files");
after(() => temp.dispose());
let checkout = "";
let count = 0;
beforeEach(() => {
  checkout = join(temp.path, String(++count), "checkout");
});

const open = (more: Partial<HostFilesOptions> = {}) =>
  hostFiles({ checkout, runtime: join(temp.path, "runtime"), digestKey: testKey, ...more });

function put(path: string, content: string): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), content);
}

const one = revision({
  "compose.yaml": "services: {}",
  "config/nginx.conf": "listen 80",
  "bin/run": { executable: "#!/bin/sh" },
  "current": { link: "config/nginx.conf" },
});

test("placeCheckout() makes files, folders and links, with git's two modes whatever the umask is", async () => {
  const before = process.umask(0o077);
  try {
    await open().placeCheckout(one, undefined, never);
  } finally {
    process.umask(before);
  }
  assert.deepEqual(tree(checkout), {
    "bin/run": "#!/bin/sh",
    "compose.yaml": "services: {}",
    "config/nginx.conf": "listen 80",
    "current": "-> config/nginx.conf",
  });
  assert.equal(modeOf(join(checkout, "bin/run")), 0o755);
  assert.equal(modeOf(join(checkout, "compose.yaml")), 0o644);
  assert.equal(modeOf(join(checkout, "config")), 0o755);
  assert.deepEqual(await open().observe(one, never), []);
});

test("placeCheckout() replaces by rename: who has the old file open reads the old file", async () => {
  const files = open();
  await files.placeCheckout(one, undefined, never);
  const inode = statSync(join(checkout, "compose.yaml")).ino;
  const untouched = statSync(join(checkout, "config/nginx.conf")).ino;
  const two = revision({ "compose.yaml": "services: {web: {}}", "config/nginx.conf": "listen 80" });
  await files.placeCheckout(two, one, never);
  assert.notEqual(statSync(join(checkout, "compose.yaml")).ino, inode);
  assert.equal(statSync(join(checkout, "config/nginx.conf")).ino, untouched);
  assert.deepEqual(tree(checkout), { "compose.yaml": "services: {web: {}}", "config/nginx.conf": "listen 80" });
});

test("placeCheckout() removes only what earlier revisions tracked, and the folders that are empty then", async () => {
  const files = open();
  const old = revision({ "a/b/c": "1", "a/d": "2", "e/f": "3", "keep": "4" });
  await files.placeCheckout(old, undefined, never);
  put("e/own", "untracked");
  await files.placeCheckout(revision({ "keep": "4" }), old, never);
  assert.deepEqual(tree(checkout), { "e/own": "untracked", "keep": "4" });
});

test("placeCheckout() turns files into folders, folders into files, links into either, and back", async () => {
  const files = open();
  const shapes = [
    revision({ "a": "file", "b/c": "1", "b/d/e": "2", "l": { link: "b" } }),
    revision({ "a/x": "1", "a/y/z": "2", "b": "file", "l/in": "folder" }),
    revision({ "a": { link: "b" }, "b": { executable: "x" }, "l": "file" }),
  ];
  for (const [from, to] of [[0, 1], [1, 0], [0, 2], [2, 1], [1, 2], [2, 0]] as const) {
    rmSync(checkout, { recursive: true, force: true });
    await files.placeCheckout(shapes[from]!, undefined, never);
    await files.placeCheckout(shapes[to]!, shapes[from], never);
    assert.deepEqual(await files.observe(shapes[to]!, never), []);
    assert.equal(Object.keys(tree(checkout)).length, shapes[to]!.size);
  }
});

const edits = [
  { name: "edited", edit: () => put("compose.yaml", "services: []") },
  { name: "edited", edit: () => put("compose.yaml", "another length") },
  { name: "missing", edit: () => rmSync(join(checkout, "compose.yaml")) },
  { name: "mode", edit: () => chmodSync(join(checkout, "compose.yaml"), 0o755) },
  { name: "replaced", edit: () => replaceBy((path) => mkdirSync(path)) },
  { name: "replaced", edit: () => replaceBy((path) => symlinkSync("config/nginx.conf", path)) },
  { name: "replaced", edit: () => replaceBy((path) => execFileSync("mkfifo", [path])) },
];
function replaceBy(make: (path: string) => void): void {
  rmSync(join(checkout, "compose.yaml"));
  make(join(checkout, "compose.yaml"));
}
for (const [number, { name, edit }] of edits.entries()) {
  test(`observe() tells a tracked file that is ${name} (${number}), and placeCheckout() restores it`, async () => {
    const files = open();
    await files.placeCheckout(one, undefined, never);
    assert.deepEqual(await files.observe(one, never), []);
    edit();
    assert.deepEqual(await files.observe(one, never), [{ path: "compose.yaml", found: name }]);
    await files.placeCheckout(one, one, never);
    assert.deepEqual(await files.observe(one, never), []);
    assert.equal(modeOf(join(checkout, "compose.yaml")), 0o644);
  });
}

test("observe() tells a link that leads elsewhere, and files behind a folder that became a link", async () => {
  const files = open();
  await files.placeCheckout(one, undefined, never);
  rmSync(join(checkout, "current"));
  symlinkSync("compose.yaml", join(checkout, "current"));
  renameSync(join(checkout, "config"), join(checkout, "moved"));
  symlinkSync("moved", join(checkout, "config"));
  assert.deepEqual(await files.observe(one, never), [
    { path: "config/nginx.conf", found: "replaced" },
    { path: "current", found: "edited" },
  ]);
});

test("observe() finds an edit that keeps size and time of modification", async () => {
  const files = open();
  await files.placeCheckout(one, undefined, never);
  const path = join(checkout, "compose.yaml");
  const past = new Date("2020-01-01T00:00:00Z");
  utimesSync(path, past, past);
  assert.deepEqual(await files.observe(one, never), []);
  writeFileSync(path, "services: []");
  utimesSync(path, past, past);
  assert.deepEqual(await files.observe(one, never), [{ path: "compose.yaml", found: "edited" }]);
});

test("modes are exact in holdfast's own checkout, and git's in an operator's", async () => {
  await open().placeCheckout(one, undefined, never);
  chmodSync(join(checkout, "compose.yaml"), 0o640);
  assert.deepEqual(await open().observe(one, never), []);
  const own = open({ checkoutOwner: "holdfast" });
  assert.deepEqual(await own.observe(one, never), [{ path: "compose.yaml", found: "mode" }]);
  await own.placeCheckout(one, undefined, never);
  assert.deepEqual(await own.observe(one, never), []);
});

const obstacles = [
  {
    name: "an untracked file",
    put: () => put("compose.yaml", "mine"),
    says: /"compose.yaml" differs from the revision/,
  },
  {
    name: "a folder with files",
    put: () => put("compose.yaml/mine", "x"),
    says: /"compose.yaml" is a folder with "compose.yaml\/mine" in it/,
  },
  {
    name: "a file where a folder is needed",
    put: () => put("config", "mine"),
    says: /"config" is a file, "config\/nginx.conf" needs a folder/,
  },
  {
    name: "a link where a folder is needed",
    put: () => {
      mkdirSync(join(checkout, "..", "outside"), { recursive: true });
      mkdirSync(checkout, { recursive: true });
      symlinkSync("../outside", join(checkout, "config"));
    },
    says: /"config" is a link, "config\/nginx.conf" needs a folder/,
  },
];
for (const { name, put, says } of obstacles) {
  test(`placeCheckout() refuses ${name} in its way before it changes anything`, async () => {
    put();
    const before = tree(dirname(checkout));
    for (const act of [() => open().placeCheckout(one, undefined, never), () => open().check({ files: one }, never)]) {
      await assert.rejects(act, (error) => {
        assert.ok(error instanceof HoldfastError);
        assert.equal(error.code, "HOST_FILES");
        assert.equal(error.retry, "operator");
        assert.match(error.message, says);
        return true;
      });
    }
    assert.deepEqual(tree(dirname(checkout)), before);
  });
}

test("placeCheckout() names what differs in an adopted clone, with git's words for it", async () => {
  put("compose.yaml", "edited by hand");
  put(".git/HEAD", "ref: refs/heads/main");
  await assert.rejects(open().placeCheckout(one, undefined, never), {
    code: "HOST_FILES",
    hint: /git checkout -- FILE/,
  });
});

test("placeCheckout() takes over what is equal already, and folders without files", async () => {
  put("compose.yaml", "services: {}");
  mkdirSync(join(checkout, "bin/run/empty"), { recursive: true }); // Docker's, for a missing bind source
  const inode = statSync(join(checkout, "compose.yaml")).ino;
  await open().placeCheckout(one, undefined, never);
  assert.equal(statSync(join(checkout, "compose.yaml")).ino, inode);
  assert.deepEqual(await open().observe(one, never), []);
});

test("placeCheckout() takes its own checkout back when the ledger was lost", async () => {
  await open().placeCheckout(one, undefined, never);
  const two = revision({ "compose.yaml": "services: {web: {}}" });
  await assert.rejects(open().placeCheckout(two, undefined, never), { code: "HOST_FILES" });
  await open({ checkoutOwner: "holdfast" }).placeCheckout(two, undefined, never);
  assert.deepEqual(await open().observe(two, never), []);
});

test("placeCheckout() never follows a link that took a tracked folder's place", async () => {
  const files = open();
  await files.placeCheckout(one, undefined, never);
  const outside = join(checkout, "../outside");
  renameSync(join(checkout, "config"), outside);
  symlinkSync("../outside", join(checkout, "config"));
  const before = tree(outside);
  await assert.rejects(files.placeCheckout(one, one, never), { code: "HOST_FILES", message: /"config" is a link/ });
  await files.placeCheckout(revision({ "compose.yaml": "" }), one, never);
  assert.deepEqual(tree(outside), before);
});

test("placeCheckout() refuses paths that lead out of the checkout or into git's own folder", async () => {
  for (const path of ["../up", "/etc/passwd", "a/../../up", ".git/config", "sub/.GIT/hooks/post-checkout", "a//b"]) {
    await assert.rejects(open().placeCheckout(revision({ [path]: "x" }), undefined, never), { code: "HOST_FILES" });
  }
});

test("placeCheckout() ends with its signal", async () => {
  const enough = AbortSignal.abort(new Error("enough"));
  await assert.rejects(open().placeCheckout(one, undefined, enough), /enough/);
  await assert.rejects(open().observe(one, enough), /enough/);
});
