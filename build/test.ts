// Runs the tests: `npm test` all of them, `npm test -- unit e2e` some suites. Real parts are taken, not imitated.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { TestEngine } from "../test/support/engine.ts";
import { denoTask } from "../test/support/deno-tasks.ts";
import { privateEngine } from "../test/support/private-engine.ts";
import { type DenoOptions, runDenoFiles } from "./_run-deno.ts";
import { runNodeFiles } from "./_run-node.ts";
import { filesOf, forgottenFiles, NOT_UNDER_DENO, type Suite, SUITES } from "./_suites.ts";
import { add, describe, NOTHING, type Tally } from "./_tally.ts";
import { typeCheck } from "./_type-check.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const print = (text: string): void => console.log(text);
const FAILED: Tally = { ...NOTHING, failed: 1 };

let engine: TestEngine | undefined;
let built = false;

process.exitCode = await runSuites(process.argv.slice(2));

async function runSuites(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    print(`There is no suite ${unknown.join(", ")}; there are ${SUITES.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  const suites = SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const results: { readonly name: string; readonly tally: Tally; readonly seconds: number }[] = [];
  try {
    for (const suite of suites) {
      print(`\n── ${suite.name}`);
      const startedAt = performance.now();
      const tally = await runSuite(suite);
      const seconds = (performance.now() - startedAt) / 1000;
      print(`  ${suite.name}: ${describe(tally)} in ${seconds.toFixed(1)} s`);
      results.push({ name: suite.name, tally, seconds });
    }
  } finally {
    await engine?.dispose();
  }
  return summarize(results);
}

function summarize(
  results: readonly { readonly name: string; readonly tally: Tally; readonly seconds: number }[],
): number {
  let total = NOTHING;
  print("\n── summary");
  for (const { name, tally, seconds } of results) {
    total = add(total, tally);
    print(`  ${name.padEnd(14)}${describe(tally)} (${seconds.toFixed(1)} s)`);
  }
  const forgotten = forgottenFiles(root);
  if (forgotten.length > 0) {
    print(`  These test files are in no suite of build/_suites.ts: ${forgotten.join(", ")}`);
    total = add(total, FAILED);
  }
  print(`\nNot under Deno:\n${NOT_UNDER_DENO.map((line) => `  ${line}`).join("\n")}`);
  if (total.skipped.length > 0) print(`\nLeft out:\n${total.skipped.map((line) => `  ${line}`).join("\n")}`);
  print(`\n${describe(total)}`);
  return total.failed === 0 ? 0 : 1;
}

async function runSuite(suite: Suite): Promise<Tally> {
  const limitMs = suite.limitMinutes * 60_000;
  if (suite.runs === "types") return checkTypes();
  const files = filesOf(suite, root);
  if (files.length === 0) return fail("it has no test files");
  if (suite.binary && !build()) return fail("the binary could not be built");
  if (suite.runs.endsWith("-engine")) {
    try {
      await shareEngine();
    } catch (error) {
      return fail(`it needs a Docker Engine, and none could be had: ${(error as Error).message}`);
    }
  }
  switch (suite.runs) {
    case "node":
      return await runNodeFiles(files, { root, limitMs, print, parallel: availableParallelism() });
    case "node-engine":
      return await runNodeFiles(files, { root, limitMs, print, parallel: 1, env: agentOf(suite) });
    case "deno": // golden files and examples are read, libraries look at the environment; nothing else is allowed
      return runDenoFiles(files, { root, limitMs, print, flags: denoTask("test").flags });
    case "deno-engine":
      return runDenoFiles(files, { root, limitMs, print, flags: ["--no-check", "--allow-all"], ...withinEngine() });
  }
}

function checkTypes(): Tally {
  const { status, output } = typeCheck(root);
  if (status === 0) return { ...NOTHING, passed: 1 };
  print(output);
  return FAILED;
}

function fail(why: string): Tally {
  print(`  ✖ ${why}`);
  return FAILED;
}

/** One for all suites: as root a private one, which ends with this process; else each file finds the one that runs. */
async function shareEngine(): Promise<void> {
  if (engine || process.env["HOLDFAST_TEST_ENGINE"] !== undefined || process.getuid?.() !== 0) return;
  engine = await privateEngine("suites");
  process.env["HOLDFAST_TEST_ENGINE"] = JSON.stringify({ socket: engine.socket, netns: engine.netns });
}

function agentOf({ agent }: Suite): Record<string, string> {
  return agent === undefined ? {} : { HOLDFAST_E2E_PROGRAM: agent };
}

/** The Engine for tests that run in its network themselves. */
function withinEngine(): Pick<DenoOptions, "netns" | "env"> {
  if (!engine) return {};
  return { netns: engine.netns, env: { HOLDFAST_TEST_ENGINE: JSON.stringify({ socket: engine.socket }) } };
}

function build(): boolean {
  if (built) return existsSync(join(root, "dist/holdfast"));
  built = true;
  try {
    execFileSync(process.execPath, [join(root, "build/build.ts"), "--unchecked"], { stdio: "inherit" });
    return true;
  } catch {
    return false; // it has said why
  }
}
