import fc from "fast-check";
import { test } from "node:test";

/** The seed of every run whose verdict counts: it says the same of the same code. */
const fixedSeed = 20_261_201;

export interface PropertyOptions {
  /** How many examples; 100 when absent. */
  readonly runs?: number;
  /** A property with exceptions that are not all known: it keeps to this seed, and chance has no part in it. */
  readonly onlySeed?: number;
}

/**
 * A test that holds for every example that fast-check makes. The seed is fixed; `HOLDFAST_TEST_SEED` gives another one
 * (the run with a random seed, which is told apart from the verdict), `HOLDFAST_TEST_RUNS` bounds the examples. A
 * failure says the command that replays it.
 */
export function testProperty<T>(name: string, property: fc.IRawProperty<T>, options: PropertyOptions = {}): void {
  const file = callingFile();
  const { env } = process;
  const replay = /^(-?\d+) (\S+) (.*)$/s.exec(env["HOLDFAST_TEST_REPLAY"] ?? "");
  if (replay && replay[3] !== name) return;
  const [, seed, path] = replay ?? [];
  const runs = Math.min(options.runs ?? 100, Number(env["HOLDFAST_TEST_RUNS"] ?? Infinity));
  test(name, async () => {
    const details = await fc.check(property, {
      seed: Number(seed ?? options.onlySeed ?? env["HOLDFAST_TEST_SEED"] ?? fixedSeed),
      numRuns: runs,
      ...(path === undefined || path === "-" ? {} : { path, endOnFailure: true }),
    });
    if (!details.failed) return;
    const example = fc.defaultReportMessage({ ...details, errorInstance: null } as fc.RunDetails<T>)!.trimEnd();
    const line = replayLine(`${details.seed} ${details.counterexamplePath || "-"} ${name}`, file);
    throw new Error(`${example}\nreplay: ${line}\n`, { cause: details.errorInstance ?? undefined });
  });
}

/** For a shell, from the root of the repository. */
function replayLine(example: string, file: string): string {
  return `HOLDFAST_TEST_REPLAY='${example.replaceAll("'", `'\\''`)}' npm test -- ${file}`;
}

/** The test file that calls, from the root: Deno runs each in a worker whose arguments do not name it. */
function callingFile(): string {
  return /test\/[\w./-]+\.test\.ts/.exec(new Error().stack ?? "")?.[0] ?? "TEST_FILE";
}
