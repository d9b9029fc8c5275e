// Runs the tests: `npm test` all of them, `npm test -- unit e2e` some suites, `npm test -- test/plan/order.test.ts` some
// files. Real parts are taken, not imitated.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { denoTask } from "../test/support/deno-tasks.ts";
import type { TestEngine } from "../test/support/engine.ts";
import { output } from "../test/support/command.ts";
import { runDenoFiles } from "./_run-deno.ts";
import { type RandomRun, runRandomSeed } from "./_random-seed.ts";
import { runNodeFiles } from "./_run-node.ts";
import { SuiteEngines } from "./_suite-engines.ts";
import { filesOf, type Lane, type Suite, SUITES } from "./_suites.ts";
import { type SuiteResult, summarize } from "./_summary.ts";
import { describe, FAILED, NOTHING, type Tally } from "./_tally.ts";
import { typeCheck } from "./_type-check.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const random = "random";
/** Where there is one core, or `HOLDFAST_TEST_LANES=1` asks for it, one suite runs after the other. */
const inOneLane = availableParallelism() === 1 || process.env["HOLDFAST_TEST_LANES"] === "1";
const engines = new SuiteEngines();
let built: Promise<string | undefined> | undefined;

process.exitCode = await runTests(process.argv.slice(2));

async function runTests(names: readonly string[]): Promise<number> {
  const work = workOf(names);
  if (typeof work === "string") {
    console.log(work);
    return 2;
  }
  const isAll = names.length === 0;
  let chance: RandomRun | undefined;
  const lanes = new Map<string, Work[]>();
  for (const each of work) {
    const lane = inOneLane
      ? "only"
      : SuiteEngines.areOne && each.suite.lane !== "processor"
      ? "engine"
      : each.suite.lane;
    lanes.set(lane, [...lanes.get(lane) ?? [], each]);
  }
  const results: SuiteResult[] = [];
  const startedAt = performance.now();
  try {
    await Promise.all([...lanes].map(async ([lane, suites]) => {
      for (const each of suites) results.push(await runWork(each, lanes.size > 1));
      if (isAll && (inOneLane || lane === "processor")) chance = await runChance();
    }));
    if (names.includes(random)) chance = await runChance();
  } finally {
    await engines.dispose();
  }
  results.sort((a, b) => SUITES.indexOf(a.suite) - SUITES.indexOf(b.suite));
  return summarize(results, { root, chance, isAll, seconds: (performance.now() - startedAt) / 1000 });
}

interface Work {
  readonly suite: Suite;
  readonly files: readonly string[];
}

/** @returns text when a name is none of a suite or of a test file */
function workOf(names: readonly string[]): readonly Work[] | string {
  const all = SUITES.map((suite) => ({ suite, files: filesOf(suite, root) }));
  if (names.length === 0) return all;
  const isSuite = (name: string): boolean => SUITES.some((suite) => suite.name === name);
  const firstWith = (name: string): Suite | undefined => all.find(({ files }) => files.includes(name))?.suite;
  const unknown = names.filter((name) => name !== random && !isSuite(name) && !firstWith(name));
  if (unknown.length > 0) {
    const known = [...SUITES.map(({ name }) => name), random].join(", ");
    return `There is no suite or test file ${unknown.join(", ")}; there are ${known}`;
  }
  return all.flatMap(({ suite, files }) => {
    if (names.includes(suite.name)) return [{ suite, files }];
    const named = names.filter((name) => firstWith(name) === suite);
    return named.length > 0 ? [{ suite, files: named }] : [];
  });
}

/** What a suite says is printed when it has ended, where others run beside it. */
async function runWork(work: Work, isOneOfMany: boolean): Promise<SuiteResult> {
  const { suite } = work;
  const lines: string[] = [];
  const print = isOneOfMany ? (text: string) => void lines.push(text) : console.log;
  print(`\n── ${suite.name}`);
  if (isOneOfMany) console.log(`   ${suite.name} began`);
  const startedAt = performance.now();
  const tally = await runSuite(work, print);
  const seconds = (performance.now() - startedAt) / 1000;
  print(`  ${suite.name}: ${describe(tally)} in ${seconds.toFixed(1)} s`);
  if (isOneOfMany) console.log(lines.join("\n"));
  return { suite, tally, seconds };
}

async function runChance(): Promise<RandomRun> {
  const lines: string[] = [`\n── properties with a random seed`];
  const run = await runRandomSeed(root, (text) => void lines.push(text));
  console.log(lines.join("\n"));
  return run;
}

type Print = (text: string) => void;

async function runSuite({ suite, files }: Work, print: Print): Promise<Tally> {
  const limitMs = suite.limitMinutes * 60_000;
  const fail = (why: string): Tally => {
    print(`  ✖ ${why}`);
    return FAILED;
  };
  if (suite.runs === "types") return checkTypes(print);
  if (files.length === 0) return fail("it has no test files");
  const trouble = suite.binary && await (built ??= build());
  if (trouble) return fail(`the binary could not be built: ${trouble}`);
  let engine: TestEngine | undefined;
  if (suite.runs.endsWith("-engine")) {
    try {
      engine = await engines.of(suite.lane);
    } catch (error) {
      return fail(`it needs a Docker Engine, and none could be had: ${(error as Error).message}`);
    }
  }
  const tally = await runFiles({ suite, files }, { root, limitMs, print, nice: isNice(suite.lane) }, engine);
  const nothingRan = tally.passed + tally.failed === 0 && !suite.optional;
  return nothingRan ? { ...tally, ...fail("all of its tests were left out"), skipped: tally.skipped } : tally;
}

interface Running {
  readonly root: string;
  readonly limitMs: number;
  readonly print: Print;
  readonly nice: boolean;
}

async function runFiles({ suite, files }: Work, running: Running, engine: TestEngine | undefined): Promise<Tally> {
  switch (suite.runs) {
    case "types":
      return NOTHING;
    case "node":
      return await runNodeFiles(files, { ...running, parallel: availableParallelism() });
    case "node-engine": {
      const env = engineEnv(engine, engine?.netns);
      if (suite.agent !== undefined) env["HOLDFAST_E2E_PROGRAM"] = suite.agent;
      return await runNodeFiles(files, { ...running, parallel: 1, env });
    }
    case "deno": // golden files and examples are read, libraries look at the environment; nothing else is allowed
      return await runDenoFiles(files, { ...running, flags: denoTask("test").flags });
    case "deno-engine": { // in the Engine's network themselves
      const flags = ["--no-check", "--allow-all"];
      return await runDenoFiles(files, { ...running, flags, netns: engine?.netns, env: engineEnv(engine, undefined) });
    }
  }
}

function engineEnv(engine: TestEngine | undefined, netns: string | undefined): Record<string, string> {
  return engine ? { HOLDFAST_TEST_ENGINE: JSON.stringify({ socket: engine.socket, netns }) } : {};
}

/** What no other process waits for gives way to those that do. */
function isNice(lane: Lane): boolean {
  return lane === "processor";
}

function checkTypes(print: Print): Tally {
  const { status, output: said } = typeCheck(root);
  if (status === 0) return { ...NOTHING, passed: 1 };
  print(said);
  return FAILED;
}

/** @returns what went wrong */
async function build(): Promise<string | undefined> {
  try {
    const said = await output(process.execPath, [join(root, "build/build.ts"), "--unchecked"], { timeoutMs: 300_000 });
    console.log(said.toString().trimEnd());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
