import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runCommand } from "../support/command.ts";
import { tempFolder } from "../support/temp.ts";

const binary = fileURLToPath(new URL("../../dist/holdfast", import.meta.url));
const folder = tempFolder("binary");
after(() => folder.dispose());
const empty = join(folder.path, "empty");
mkdirSync(empty);

async function version(env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await runCommand(binary, ["version", "--format", "json"], { cwd: empty, env });
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout.toString()).holdfast, stderr };
}

test("the binary starts in an empty folder with an empty environment, and says nothing but its answer", async () => {
  assert.equal((await version()).stderr, "");
});

test("the binary knows the version and the commit it was built from", async () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const built = await version();
  assert.equal(built.version, manifest.version);
  assert.match(built.commit, /^([0-9a-f]{40}(\+dirty)?|unknown)$/);
  assert.equal(built.platform, `linux-${process.arch}`);
});

test("the binary obeys no NODE_OPTIONS", async () => {
  const marker = join(folder.path, "marker");
  const script = join(folder.path, "script.cjs");
  writeFileSync(script, `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "")`);
  await version({ NODE_OPTIONS: `--require=${script}`, NODE_PATH: folder.path });
  assert.equal(existsSync(marker), false);
  // The same does take effect where Node obeys it: else this test would hold nothing.
  await runCommand(process.execPath, ["--eval", ""], { env: { NODE_OPTIONS: `--require=${script}` } });
  assert.equal(existsSync(marker), true);
});

test("the binary's arguments are its own: none is an option of Node's", async () => {
  const { code } = await runCommand(binary, ["--eval", "process.exit(42)"], { cwd: empty, env: {} });
  assert.notEqual(code, 42);
  assert.notEqual(code, 0);
});

test("the binary's --env-file is its own: the runtime neither reads nor misses it", async () => {
  const { code, stderr } = await runCommand(binary, ["config", "--env-file", "none.env"], { cwd: empty, env: {} });
  assert.equal(code, 1);
  assert.match(stderr.toString(), /No Compose file/);
});

test("the binary needs no library that a bare Debian lacks", async () => {
  const { stdout } = await runCommand("ldd", [binary]);
  const names = stdout.toString().trim().split("\n").map((line) => line.trim().split(/[ .]/)[0]!.replace(/^.*\//, ""));
  const bare = [
    "ld-linux-aarch64",
    "ld-linux-x86-64",
    "libc",
    "libdl",
    "libgcc_s",
    "libm",
    "libpthread",
    "libstdc++",
    "linux-vdso",
  ];
  assert.deepEqual(names.filter((name) => !bare.includes(name)), []);
});
