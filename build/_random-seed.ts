import { randomInt } from "node:crypto";
import { runNodeFiles } from "./_run-node.ts";
import { propertyFiles } from "./_suites.ts";
import { describe } from "./_tally.ts";

/** What chance found. It is told beside the verdict and is no part of it: that says the same of the same code. */
export interface RandomRun {
  readonly seed: number;
  /** For the summary: how it ended, and how what failed is replayed. */
  readonly lines: readonly string[];
}

/** Tries the properties on examples that no run before had. */
export async function runRandomSeed(root: string, print: (text: string) => void): Promise<RandomRun> {
  const seed = randomInt(2 ** 31);
  const files = propertyFiles(root);
  const said: string[] = [];
  const tally = await runNodeFiles(files, {
    root,
    limitMs: 5 * 60_000,
    parallel: 1,
    nice: true,
    env: { HOLDFAST_TEST_SEED: String(seed) },
    print: (text) => {
      said.push(text);
      print(text);
    },
  });
  const replays = [...said.join("\n").matchAll(/replay: (HOLDFAST_TEST_REPLAY=.*)$/gm)].map(([, line]) => line!);
  const again = `HOLDFAST_TEST_SEED=${seed} npm test -- ${files.join(" ")}`;
  return {
    seed,
    lines: tally.failed === 0 ? [`seed ${seed}: ${describe(tally)}`] : [
      `seed ${seed}: ${describe(tally)}; NOT part of the verdict, but a defect of the code or of the test:`,
      ...replays.length > 0 ? [...new Set(replays)] : [again],
    ],
  };
}
