import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, realpath, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { findRepositoryRoot, folderFiles } from "../../../src/adapters/disk/folder-files.ts";
import { projectFiles } from "../../../src/compose/project-files.ts";
import { createRepository } from "../../support/repository.ts";
import { tempFolder } from "../../support/temp.ts";

test("folderFiles() gives the paths, modes and blob ids that git gives, in git's order", async () => {
  await using repository = await createRepository();
  await repository.commit({
    "compose.yaml": "services: {}\n",
    "a.sh": { text: "#!/bin/sh\n", mode: 0o755 },
    "a/b.txt": "",
    "a-b.txt": "x",
    "production/latest": { link: "../compose.yaml" },
    "production/ünï.yml": new Uint8Array([0, 255, 10]),
  });
  const listed = (await repository.git("-c", "core.quotePath=false", "ls-tree", "-r", "HEAD")).split("\n");
  const modes = { file: "100644", executable: "100755", link: "120000" } as const;
  const files = await folderFiles(repository.clone);
  assert.deepEqual([...files].map(([path, file]) => `${modes[file.mode]} blob ${file.oid}\t${path}`), listed);
  assert.equal(files.size, listed.length);
  assert.deepEqual([...files.keys()], listed.map((line) => line.split("\t")[1]));
});

test("folderFiles() finds a file by its path alone, and only by that", async () => {
  await using folder = tempFolder("disk");
  await mkdir(join(folder.path, "repo/.git"), { recursive: true });
  await mkdir(join(folder.path, "repo/real"));
  await writeFile(join(folder.path, "secret"), "outside");
  await writeFile(join(folder.path, "repo/.git/config"), "[core]");
  await writeFile(join(folder.path, "repo/real/x.yml"), "a: 1\n");
  await symlink("real", join(folder.path, "repo/linked"));
  const files = await folderFiles(join(folder.path, "repo"));
  assert.equal(new TextDecoder().decode(files.get("real/x.yml")?.bytes), "a: 1\n");
  assert.equal(files.get("real/x.yml"), files.get("real/x.yml"), "read once");
  const absent = [
    "../secret",
    "real/../../secret",
    `${folder.path}/secret`,
    ".git/config",
    ".GIT/config",
    "linked/x.yml",
    "real",
    "",
    "real//x.yml",
    "x".repeat(300),
  ];
  for (const path of absent) assert.equal(files.has(path), false, path);
  assert.deepEqual([...files.keys()], ["linked", "real/x.yml"]);
});

test("folderFiles() tells a folder from a file, a link and what is not there, and walks over nothing for it", async () => {
  await using folder = tempFolder("disk");
  await mkdir(join(folder.path, "repo/.git"), { recursive: true });
  await mkdir(join(folder.path, "repo/real/empty"), { recursive: true });
  await writeFile(join(folder.path, "repo/real/x.yml"), "a: 1\n");
  await symlink("real", join(folder.path, "repo/linked"));
  const files = await folderFiles(join(folder.path, "repo"));
  Object.defineProperty(files, "entries", { value: () => assert.fail("it walks") });
  const project = projectFiles(files);
  const folders = ["", "real", "real/empty", "linked", "linked/empty"];
  assert.deepEqual(folders.filter((path) => !project.isFolder(path)), []);
  const others = ["real/x.yml", "none", "none/at/all", ".git", "..", "../repo", "real/x.yml/y", "x".repeat(300)];
  assert.deepEqual(others.filter((path) => project.isFolder(path)), []);
});

test("folderFiles() refuses a link that leaves the folder, once it is read", async () => {
  await using folder = tempFolder("disk");
  await symlink("../../etc/passwd", join(folder.path, "out"));
  await symlink("/etc/passwd", join(folder.path, "absolute"));
  await symlink("sub/../out", join(folder.path, "inside"));
  const files = await folderFiles(folder.path);
  for (const path of ["out", "absolute"]) {
    assert.throws(() => files.get(path)?.bytes, { code: "SOURCE_UNSAFE", message: new RegExp(`"${path}"`) });
  }
  assert.equal(new TextDecoder().decode(files.get("inside")?.bytes), "sub/../out");
});

test("folderFiles() leaves out what git cannot hold", async () => {
  await using folder = tempFolder("disk");
  const socket = join(folder.path, "socket");
  const server = createServer().listen(socket);
  await once(server, "listening");
  const files = await folderFiles(folder.path);
  assert.deepEqual([files.size, files.has("socket")], [0, false]);
  await new Promise((resolve) => server.close(resolve));
});

test("folderFiles() does not read a file larger than a repository may hold", async () => {
  await using folder = tempFolder("disk");
  await writeFile(join(folder.path, "huge"), "");
  await truncate(join(folder.path, "huge"), 65 * 1024 * 1024);
  const files = await folderFiles(folder.path);
  assert.throws(() => files.get("huge")?.oid, { code: "SOURCE_LIMIT" });
});

test("folderFiles() says which folder is not there", async () => {
  await using folder = tempFolder("disk");
  await writeFile(join(folder.path, "file"), "");
  for (const name of ["missing", "file"]) {
    await assert.rejects(folderFiles(join(folder.path, name)), {
      code: "SOURCE_NOT_FOUND",
      message: new RegExp(`/${name}": `),
    });
  }
});

test("findRepositoryRoot() goes up to the folder with .git, which a worktree has as a file", async () => {
  await using folder = tempFolder("disk");
  const root = await realpath(folder.path);
  await mkdir(join(root, "repo/production/deep"), { recursive: true });
  await writeFile(join(root, "repo/.git"), "gitdir: elsewhere\n");
  assert.equal(await findRepositoryRoot(join(root, "repo/production/deep")), join(root, "repo"));
  assert.equal(await findRepositoryRoot(join(root, "repo")), join(root, "repo"));
});

test("findRepositoryRoot() stays with the folder outside of any repository", async () => {
  await using folder = tempFolder("disk");
  assert.equal(await findRepositoryRoot(folder.path), await realpath(folder.path));
});
