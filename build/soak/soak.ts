// `npm run soak`: changes the planner in one small place at a time and runs its tests. What survives is listed: a change
// that no test notices is one that a user must not notice either.
//   npm run soak                          all of src/plan, 60 minutes at most
//   npm run soak -- --minutes 5 waits     files whose name holds one of the words
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { acceptedSurvivors } from "./_accepted.ts";
import { type Mutant, mutantsOf } from "./_mutants.ts";
import { MutatedTree } from "./_tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "60" },
    workers: { type: "string", default: `${availableParallelism()}` },
  },
});
const endMs = performance.now() + Number(values.minutes) * 60_000;

process.exitCode = await soak();

async function soak(): Promise<number> {
  const files = globSync("src/plan/*.ts", { cwd: root }).sort()
    .filter((file) => positionals.length === 0 || positionals.some((word) => file.includes(word)));
  const mutants = files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")));
  const folder = join(root, "dist", `soak-${process.pid}`);
  const trees = Array.from(
    { length: Number(values.workers) },
    (_, index) => new MutatedTree(root, join(folder, `${index}`)),
  );
  try {
    if (!await trees[0]!.testsPass()) {
      console.log("The planner's tests fail as it is: nothing can be said of changes");
      return 1;
    }
    const { survivors, tried } = await tryAll(mutants, trees);
    return report({ mutants, tried, survivors });
  } finally {
    for (const tree of trees) tree.dispose();
  }
}

interface Tried {
  readonly tried: number;
  readonly survivors: readonly Mutant[];
}

async function tryAll(mutants: readonly Mutant[], trees: readonly MutatedTree[]): Promise<Tried> {
  const waiting = [...mutants];
  const survivors: Mutant[] = [];
  let tried = 0;
  console.log(`${mutants.length} changes of src/plan, ${trees.length} at a time, ${values.minutes} min at most`);
  await Promise.all(trees.map(async (tree) => {
    for (let mutant = waiting.shift(); mutant && performance.now() < endMs; mutant = waiting.shift()) {
      const killed = await tree.kills(mutant);
      tried++;
      if (!killed) survivors.push(mutant);
      if (!killed && !isAccepted(mutant)) console.log(`  survives: ${describe(mutant)}`);
      if (tried % 50 === 0) console.log(`  ${tried} of ${mutants.length} tried, ${survivors.length} survived`);
    }
  }));
  return { tried, survivors };
}

function report({ mutants, tried, survivors }: Tried & { readonly mutants: readonly Mutant[] }): number {
  const open = survivors.filter((mutant) => !isAccepted(mutant));
  console.log(
    `\n${tried} of ${mutants.length} changes tried: ${tried - survivors.length} found by a test, ` +
      `${survivors.length - open.length} survive as build/soak/_accepted.ts says, ${open.length} survive beyond it`,
  );
  for (const mutant of open.sort((a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)) {
    console.log(`  ${describe(mutant)}`);
  }
  if (tried < mutants.length) {
    console.log(`The time was up; ${mutants.length - tried} were not tried (--minutes gives more)`);
  }
  return open.length === 0 ? 0 : 1;
}

function isAccepted({ file, source, change }: Mutant): boolean {
  return acceptedSurvivors.some((known) =>
    file.endsWith(`/${known.file}`) && known.source === source && known.change === change
  );
}

function describe({ file, line, change, source }: Mutant): string {
  return `${file}:${line}  ${change}  in  ${source}`;
}
