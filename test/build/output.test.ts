import assert from "node:assert/strict";
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { denoCache, denoProgram, denoTask } from "../support/deno-tasks.ts";
import { tempFolder } from "../support/temp.ts";
import { until } from "../support/until.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const main = path("src/main.ts");
const { flags } = denoTask("run");
/** By what runs it. */
const programs: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "the binary": [path("dist/holdfast")],
  "the source": [process.execPath, main],
  "the source under Deno": [denoProgram, "run", ...flags, main],
};

const folder = tempFolder("output");
after(() => folder.dispose());
const project = join(folder.path, "project");
mkdirSync(project);
const services = Array.from({ length: 900 }, (_, index) => `  s${index}: { image: "${"x".repeat(100)}" }\n`);
writeFileSync(join(project, "compose.yaml"), `services:\n${services.join("")}`);
const print = ["config", project, "--format", "json"];

function start(program: readonly [string, ...string[]], args: readonly string[], stdio: StdioOptions): ChildProcess {
  const [command, ...first] = program;
  return spawn(command, [...first, ...args], { stdio, env: { DENO_DIR: denoCache, DENO_NO_UPDATE_CHECK: "1" } });
}

async function endOf(child: ChildProcess) {
  let stderr = "";
  child.stderr?.on("data", (chunk) => stderr += chunk);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}

/** A reader that begins when the pipe is full, and stays so. */
async function fullPipe(child: ChildProcess): Promise<void> {
  await until("the pipe to be full", () => child.stdout!.readableLength >= child.stdout!.readableHighWaterMark, 30_000);
}

for (const [name, program] of Object.entries(programs)) {
  test(`${name} ends when a slow reader has read all of a long answer`, async () => {
    const child = start(program, print, ["ignore", "pipe", "pipe"]);
    const ended = endOf(child);
    child.stdout!.once("readable", () => {});
    await fullPipe(child);
    let text = "";
    for await (const chunk of child.stdout!) text += chunk;
    assert.deepEqual(await ended, { code: 0, stderr: "" });
    assert.ok(text.length > 200_000, "the answer is shorter than a pipe");
    assert.equal(Object.keys(JSON.parse(text).services).length, services.length);
  });

  test(`${name} ends with 141 and without a word when its reader goes away`, async () => {
    const child = start(program, print, ["ignore", "pipe", "pipe"]);
    child.stdout!.once("data", () => child.stdout!.destroy());
    assert.deepEqual(await endOf(child), { code: 141, stderr: "" });
  });

  test(`${name} says that a full disk did not take its answer`, async () => {
    const { code, stderr } = await endOf(start(program, print, ["ignore", openSync("/dev/full", "w"), "pipe"]));
    assert.equal(code, 1);
    assert.match(stderr, /"code": "OUTPUT"/);
    assert.doesNotMatch(stderr, /^ +at /m);
  });
}

test("a signal ends a command whose reader has stopped reading", async () => {
  const child = start(programs["the binary"]!, print, ["ignore", "pipe", "pipe"]);
  child.stdout!.once("readable", () => {});
  await fullPipe(child);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  assert.equal(await ended, 130);
  child.stdout!.destroy();
});

test("the process of the binary and of the source is called holdfast", async () => {
  for (const program of [programs["the binary"]!, programs["the source"]!]) {
    const child = start(program, ["config", "-f", "-"], ["pipe", "ignore", "ignore"]); // waits for its input
    const comm = () => readFileSync(`/proc/${child.pid}/comm`, "utf8");
    await until("the name", () => comm() === "holdfast\n", 30_000);
    assert.match(readFileSync(`/proc/${child.pid}/cmdline`, "utf8"), /config\0-f\0-\0$/);
    child.stdin!.end("services: {}");
    await endOf(child);
  }
});

const never = "Object.defineProperty(process, 'stdin', { value: { [Symbol.asyncIterator]: () => (" +
  "{ next: () => new Promise(() => {}) }) } });";
const defects = [
  { what: "waits for what never comes", module: never, says: /Cannot answer: nothing is left to wait for/ },
  {
    what: "has a rejection that nobody handles",
    module: `${never} setTimeout(() => Promise.reject(new Error("lost")), 300); setTimeout(() => {}, 30_000);`,
    says: /Cannot go on: lost/,
  },
  {
    what: "throws where nobody catches",
    module: `${never} setTimeout(() => { throw new Error("lost"); }, 300); setTimeout(() => {}, 30_000);`,
    says: /Cannot go on: lost/,
  },
] as const;

for (const { what, module, says } of defects) {
  test(`a command that ${what} ends with an error, never with 0`, async () => {
    const preload = `--import=data:text/javascript,${encodeURIComponent(module)}`;
    const child = start([process.execPath, preload, main], ["config", "-f", "-"], ["ignore", "pipe", "pipe"]);
    const { code, stderr } = await endOf(child);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^error: .*\(INTERNAL\)\nhint: /);
    assert.match(stderr, says);
  });
}
