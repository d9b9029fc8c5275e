// Writes expected/*.json: what the real Docker Compose makes of the examples. Run by hand, with its binary's path:
//   node test/examples/write-expected.ts /path/to/docker-compose
import { copyFileSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "../support/command.ts";
import { tempFolder } from "../support/temp.ts";
import { EXAMPLE_CASES, type ExampleCase } from "./cases.ts";

const compose = process.argv[2];
if (!compose) throw new Error("usage: write-expected.ts /path/to/docker-compose");
const version = (await output(compose, ["version", "--short"])).toString().trim();
for (const example of EXAMPLE_CASES) {
  const expected = { compose: version, model: await composeModel(compose, example) };
  writeFileSync(new URL(`./expected/${example.name}.json`, import.meta.url), `${JSON.stringify(expected, null, 2)}\n`);
}

async function composeModel(program: string, example: ExampleCase): Promise<unknown> {
  await using work = tempFolder("example");
  const folder = join(work.path, "repository");
  cpSync(example.folder, folder, { recursive: true });
  for (const [from, to] of Object.entries(example.copies)) copyFileSync(join(folder, from), join(folder, to));
  const files = example.composeFiles.flatMap((file) => ["--file", file]);
  const text = await output(program, ["--project-name", example.project, ...files, "config", "--format", "json"], {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", ...example.environment },
  });
  return JSON.parse(text.toString().replaceAll(folder, "${DIR}"));
}
