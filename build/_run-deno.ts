import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { denoCache, denoProgram } from "../test/support/deno-tasks.ts";
import type { FileTime, Tally } from "./_tally.ts";

export interface DenoOptions {
  readonly root: string;
  readonly flags: readonly string[];
  /**
   * File of the network namespace in which the tests run as a whole: Deno cannot pass a socket from one process to
   * another, by which tests under Node reach into it.
   */
  readonly netns?: string;
  /** Added to this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** They give way to what else runs. */
  readonly nice?: boolean;
  /** Of all files together. */
  readonly limitMs: number;
  readonly print: (text: string) => void;
}

/**
 * Runs test files under Deno, in one process.
 *
 * @param options.flags of `deno test`, such as `--allow-read`
 * @returns what Deno's last line says; its steps are node:test's nested tests
 */
export async function runDenoFiles(files: readonly string[], options: DenoOptions): Promise<Tally> {
  const { status, text, problem } = await runToEnd(files, options);
  const counted =
    /^(?:ok|FAILED) \| (\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?(?: \| (\d+) ignored)?/m
      .exec(
        text,
      );
  const [passed, passedSteps, failed, failedSteps] = (counted ?? []).slice(1, 5).map((number) => Number(number ?? 0));
  const skipped = [...text.matchAll(/^(.*) \.\.\. ignored/gm)].map(([, name]) => `${name} (under Deno)`);
  const tally = {
    passed: (passed ?? 0) + (passedSteps ?? 0),
    failed: (failed ?? 0) + (failedSteps ?? 0),
    skipped,
    files: fileTimes(text),
  };
  if (status === 0 && tally.passed > 0) return tally;
  options.print(text.slice(Math.max(text.indexOf("\n ERRORS"), 0)).slice(0, 20_000));
  if (problem) options.print(`  Deno did not end well: ${problem}`);
  return { ...tally, failed: Math.max(tally.failed, 1) };
}

interface DenoEnd {
  readonly status: number | null;
  readonly text: string;
  /** What ended it, unless it ended by itself. */
  readonly problem?: string;
}

function runToEnd(
  files: readonly string[],
  { root, flags, netns, env, nice, limitMs }: DenoOptions,
): Promise<DenoEnd> {
  const test = [denoProgram, "test", "--quiet", ...flags, ...files];
  const [command, ...args] = netns === undefined ? test : ["nsenter", `--net=${netns}`, "--", ...test];
  const child = spawn(command!, args, {
    cwd: root,
    env: { ...process.env, ...env, DENO_DIR: denoCache, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (nice && child.pid !== undefined) setPriority(child.pid, 5);
  const onExit = (): void => void child.kill();
  process.once("exit", onExit);
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill();
  }, limitMs);
  const hard = setTimeout(() => child.kill("SIGKILL"), limitMs + 30_000); // tests may take a signal for themselves
  const end = (status: number | null, problem?: string): DenoEnd => {
    clearTimeout(timer);
    clearTimeout(hard);
    process.off("exit", onExit);
    return { status, text: Buffer.concat([...chunks.stdout, ...chunks.stderr]).toString(), problem };
  };
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(end(null, error.message)));
    child.once("close", (code, signal) => {
      const problem = late ? `it was ended after ${limitMs / 60_000} minutes` : signal ?? undefined;
      resolve(end(code, problem));
    });
  });
}

/** The sums of what Deno says of each test of a file. */
function fileTimes(text: string): readonly FileTime[] {
  const seconds = new Map<string, number>();
  let file = "";
  for (const line of text.split("\n")) {
    file = /^running \d+ tests? from \.\/(\S+)/.exec(line)?.[1] ?? file;
    const [, minutes = 0, whole = 0, ms = 0] = /^\S.* \((?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?\)$/.exec(line) ?? [];
    const taken = Number(minutes) * 60 + Number(whole) + Number(ms) / 1000;
    if (file !== "") seconds.set(file, (seconds.get(file) ?? 0) + taken);
  }
  return [...seconds].map(([name, sum]) => ({ name: `${name} (Deno)`, seconds: sum }));
}
