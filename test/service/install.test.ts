import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runCommand } from "../support/command.ts";
import { tempFolder } from "../support/temp.ts";

const binary = fileURLToPath(new URL("../../dist/holdfast", import.meta.url));
const source = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const repository = ["--repository", "/srv/hello.git", "--path", "production"];

/** Runs a command of the binary on the root of another system. */
async function run(prefix: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runCommand(binary, [...args, "--prefix", prefix]);
  return { code, stdout: stdout.toString().replaceAll(prefix, ""), stderr: stderr.replaceAll(prefix, "") };
}

test("install puts program, agent.yaml and units below a prefix, enables them, and starts nothing", async () => {
  await using folder = tempFolder("install");
  const { path } = folder;
  const { code, stdout, stderr } = await run(path, "install", ...repository);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(stdout.split("\n").map((line) => line.split(/ +/)[0]), [
    ...["wrote", "made", "wrote", "wrote", "wrote", "ran", ""],
  ]);
  assert.equal(statSync(join(path, "usr/local/bin/holdfast")).mode & 0o7777, 0o755);
  assert.equal(statSync(join(path, "etc/holdfast/agent.yaml")).mode & 0o7777, 0o600);
  assert.equal(statSync(join(path, "var/lib/holdfast")).mode & 0o7777, 0o700);
  const wanted = join(path, "etc/systemd/system/multi-user.target.wants");
  for (const unit of ["holdfast.service", "holdfast-keys.service"]) {
    assert.equal(readlinkSync(join(wanted, unit)), `/etc/systemd/system/${unit}`);
  }
  assert.deepEqual(await run(path, "uninstall").then(({ code }) => code), 0);
  for (const gone of ["usr/local/bin/holdfast", "etc/holdfast/agent.yaml", "etc/systemd/system/holdfast.service"]) {
    assert.equal(existsSync(join(path, gone)), false, gone);
  }
  assert.equal(existsSync(join(path, "var/lib/holdfast")), true);
});

test("install keeps the agent.yaml that is there, and makes the folders that it names", async () => {
  await using folder = tempFolder("install");
  const { path } = folder;
  const config = join(path, "etc/holdfast/agent.yaml");
  const text = "deployments: [{ name: web, repository: /srv/web.git, checkout: /srv/web }]\n";
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, text);
  const { stdout } = await run(path, "install", ...repository);
  assert.match(stdout, /^kept {4}\/etc\/holdfast\/agent.yaml: it was there already; --repository.* were not used$/m);
  assert.match(stdout, /^made {4}\/srv\/web$/m);
  assert.equal(readFileSync(config, "utf8"), text);
  assert.match(
    readFileSync(join(path, "etc/systemd/system/holdfast.service"), "utf8"),
    /^ReadWritePaths=-\/srv\/web$/m,
  );
  assert.match((await run(path, "install")).stdout, /^kept {4}.*holdfast.service: it is the same$/m);
  assert.match((await run(path, "uninstall")).stdout, /^left {4}\/etc\/holdfast\/agent.yaml: it was changed/m);
  assert.equal(readFileSync(config, "utf8"), text);
});

test("install changes nothing where agent.yaml, old or new, cannot be used", async () => {
  await using folder = tempFolder("install");
  const { path } = folder;
  const fresh = await run(path, "install", "--repository", "relative/path");
  assert.equal(fresh.code, 1);
  assert.match(fresh.stderr, /CONFIG_INVALID/);
  const config = join(path, "etc/holdfast/agent.yaml");
  assert.equal(existsSync(config), false);
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, "deployment: []\n");
  assert.match((await run(path, "install")).stderr, /agent.yaml.*CONFIG_INVALID/s);
  assert.equal(existsSync(join(path, "usr")), false);
});

test("install from the source says that the binary is needed", async () => {
  await using folder = tempFolder("install");
  const { code, stderr } = await runCommand(process.execPath, [source, "install", "--prefix", folder.path]);
  assert.equal(code, 1);
  assert.match(stderr, /runs from its source, needed is the binary \(INSTALL\)\nhint: .*npm run build/);
});

test("uninstall says where nothing is installed", async () => {
  await using folder = tempFolder("install");
  const { code, stderr } = await run(folder.path, "uninstall");
  assert.equal(code, 1);
  assert.match(stderr, /there is no "\/etc\/systemd\/system\/holdfast.service" \(INSTALL\)/);
});
