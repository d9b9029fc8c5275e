import { spawnSync } from "node:child_process";
import { denoCache, denoProgram } from "../test/support/deno-tasks.ts";
import type { Tally } from "./_tally.ts";

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
  /** Of all files together. */
  readonly limitMs: number;
  readonly print: (text: string) => void;
}

/**
 * Runs test files under Deno.
 *
 * @param options.flags of `deno test`, such as `--allow-read`
 * @returns what Deno's last line says; its steps are node:test's nested tests
 */
export function runDenoFiles(
  files: readonly string[],
  { root, flags, netns, env, limitMs, print }: DenoOptions,
): Tally {
  const test = [denoProgram, "test", "--quiet", ...flags, ...files];
  const [command, ...args] = netns === undefined ? test : ["nsenter", `--net=${netns}`, "--", ...test];
  const run = spawnSync(command!, args, {
    cwd: root,
    encoding: "utf8",
    timeout: limitMs,
    env: { ...process.env, ...env, DENO_DIR: denoCache, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  const text = `${run.stdout}${run.stderr}`;
  const counted =
    /^(?:ok|FAILED) \| (\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?(?: \| (\d+) ignored)?/m
      .exec(
        text,
      );
  const [passed, passedSteps, failed, failedSteps] = (counted ?? []).slice(1, 5).map((number) => Number(number ?? 0));
  const skipped = [...text.matchAll(/^(.*) \.\.\. ignored/gm)].map(([, name]) => `${name} (under Deno)`);
  const tally = { passed: (passed ?? 0) + (passedSteps ?? 0), failed: (failed ?? 0) + (failedSteps ?? 0), skipped };
  if (run.status === 0 && tally.passed > 0) return tally;
  print(text.slice(Math.max(text.indexOf("\n ERRORS"), 0)).slice(0, 20_000));
  if (run.error) print(`  Deno did not end well: ${run.error.message}`);
  return { ...tally, failed: Math.max(tally.failed, 1) };
}
