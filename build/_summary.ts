import type { RandomRun } from "./_random-seed.ts";
import { forgottenFiles, NOT_UNDER_DENO, type Suite } from "./_suites.ts";
import { add, describe, FAILED, NOTHING, type Tally } from "./_tally.ts";

export interface SuiteResult {
  readonly suite: Suite;
  readonly tally: Tally;
  readonly seconds: number;
}

export interface SummaryOptions {
  readonly root: string;
  readonly chance: RandomRun | undefined;
  /** Every suite was asked for. */
  readonly isAll: boolean;
  readonly seconds: number;
}

const slowest = 10;

/** Prints what came of the suites, and ends with the verdict. @returns the exit code */
export function summarize(results: readonly SuiteResult[], { root, chance, isAll, seconds }: SummaryOptions): number {
  let total = NOTHING;
  console.log("\n── summary");
  for (const { suite, tally, seconds: taken } of results) {
    total = add(total, tally);
    console.log(`  ${suite.name.padEnd(14)}${describe(tally)} (${taken.toFixed(1)} s)`);
  }
  const forgotten = forgottenFiles(root);
  if (forgotten.length > 0) {
    console.log(`  These test files are in no suite of build/_suites.ts: ${forgotten.join(", ")}`);
    total = add(total, FAILED);
  }
  if (isAll) console.log(`\nNot under Deno:\n${indented(NOT_UNDER_DENO)}`);
  if (total.skipped.length > 0) console.log(`\nLeft out:\n${indented(total.skipped)}`);
  console.log(`\nThe slowest files:\n${indented(slowestFiles(total))}`);
  if (chance) console.log(`\nProperties with a random seed (apart from the verdict):\n${indented(chance.lines)}`);
  console.log(`\n${describe(total)} in ${(seconds / 60).toFixed(1)} min`);
  return total.failed === 0 ? 0 : 1;
}

function slowestFiles({ files }: Tally): readonly string[] {
  const slow = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, slowest);
  return slow.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${name}`);
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
