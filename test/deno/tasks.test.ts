import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { SUITES } from "../../build/_suites.ts";
import { notifyReceiver } from "../adapters/systemd/_receiver.ts";
import { createHost, keyText } from "../e2e/host.ts";
import { output, runCommand } from "../support/command.ts";
import { denoCache, denoProgram, denoTask, withoutEach } from "../support/deno-tasks.ts";
import { spawnInEngineNetwork } from "../support/namespace.ts";
import { until } from "../support/until.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const env = { ...process.env, DENO_DIR: denoCache, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
const limitMs = 40_000;

const host = await createHost("deno");
after(() => host.dispose());

const run = denoTask("run");
let passes = 0;

test("deno task run applies a revision, serves its control socket and tells systemd", async () => {
  assert.deepEqual(await failureOf(run.flags), undefined);
});

for (const { without, flags } of withoutEach(run)) {
  test(`deno task run needs ${without}`, async () => {
    assert.match(`${await failureOf(flags)}`, /Requires .* access|NotCapable/);
  });
}

const tests = denoTask("test");

for (const { without, flags } of withoutEach(tests)) {
  test(`deno task test needs ${without}`, async () => {
    // Two of its folders show it: the libraries look at the environment, and texts are compared with golden files.
    const part = ["test", "--quiet", "test/config", "test/report"];
    await output(denoProgram, [...part, ...tests.flags], { cwd: root, env });
    const { code, stdout, stderr } = await runCommand(denoProgram, [...part, ...flags], { cwd: root, env });
    assert.notEqual(code, 0);
    assert.match(`${stdout}${stderr}`, /Requires .* access/);
  });
}

test("deno task test runs the folders of the suite", () => {
  const folders = SUITES.find(({ name }) => name === "deno")!.of.map((name) => `test/${name}`);
  assert.deepEqual(tests.operands, folders);
});

test("deno task compile gives its program the permissions of deno task run, and nothing else", () => {
  const compile = denoTask("compile");
  assert.deepEqual(compile.flags.filter((flag) => !/^--(?:output|include)=/.test(flag)), run.flags);
  assert.deepEqual(compile.operands, run.operands);
});

test("deno task compile says without a network what it could not fetch, and leaves no file", async () => {
  const dist = new URL("../../dist", import.meta.url);
  const made = () => existsSync(dist) ? readdirSync(dist).filter((name) => name.includes("deno")) : [];
  const before = made();
  const unshare = process.getuid?.() === 0 ? ["--net"] : ["--map-root-user", "--net"];
  const { code, stderr } = await runCommand("unshare", [...unshare, denoProgram, "task", "compile"], {
    cwd: root,
    env,
  });
  assert.equal(code, 1);
  assert.match(stderr, /Download https:\/\/dl\.deno\.land\/release\/v\S+\/denort-/);
  assert.match(stderr, /error sending request for url/);
  assert.deepEqual(made(), before);
});

/**
 * Does with these permissions what an agent is for: a pass from git to the Engine, then the service, which tells systemd
 * that it is ready and answers `status` and `sync` on its socket.
 *
 * @returns what the first of it that failed printed
 */
async function failureOf(flags: readonly string[]): Promise<string | undefined> {
  await rm(join(host.folders.runtime, "demo"), { recursive: true, force: true }); // its first pass since the boot
  await host.push({ "keys.tar.gpg": await host.seal({ "api.key": `${keyText} ${++passes}` }) });
  const applied = start(flags, ["apply"]);
  if (await applied.ended !== 0) return applied.text();
  await using receiver = await notifyReceiver();
  const agent = start(flags, ["run"], [`NOTIFY_SOCKET=${receiver.socket}`]);
  try {
    await until("the agent to say READY, or that it cannot", () => {
      return receiver.messages().some((line) => line.includes("READY=1")) ||
        agent.text().includes("Cannot tell systemd");
    }, limitMs);
    if (agent.text().includes("Cannot tell systemd")) return agent.text();
    const synced = start(flags, ["sync", "--wait"]);
    return await synced.ended === 0 ? undefined : synced.text();
  } finally {
    agent.kill();
    await agent.ended;
  }
}

function start(flags: readonly string[], args: readonly [string, ...string[]], environment: readonly string[] = []) {
  const child = spawnInEngineNetwork(host.engine, [
    "/usr/bin/env",
    ...["-i", `DENO_DIR=${denoCache}`, "NO_COLOR=1", ...environment],
    ...[denoProgram, run.command, ...flags, ...run.operands.map((path) => `${root}${path}`)],
    ...[args[0], "--config", host.files.config, ...args.slice(1)],
  ], { stdio: ["ignore", "pipe", "pipe"] });
  const late = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (line) => void lines.push(line));
  }
  const ended: Promise<number | null> = once(child, "close").then(([code]) => {
    clearTimeout(late);
    return code;
  });
  return { ended, text: () => lines.join("\n"), kill: () => void child.kill("SIGTERM") };
}
