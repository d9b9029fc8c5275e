// Measures holdfast, and Docker Compose beside it in the same run.
//   npm run bench                                     everything, about 15 minutes
//   npm run bench -- --only load,quiet --sizes 12     some parts: load, first, quiet, change, idle
// Prints a table and writes dist/bench.json. Machines are noisy: compare within one run, as ratios.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ComposeBinary, composeBinary } from "./compose-binary.ts";
import { deploy, measureChange, measureFirst, measureQuiet } from "./deployments.ts";
import { measureIdle } from "./idle.ts";
import { measureLoading } from "./loading.ts";
import { type Conditions, renderJson, renderTable, type Row } from "./results.ts";
import { setStage } from "./stage.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["load", "first", "quiet", "change", "idle"];

interface Options {
  readonly parts: readonly string[];
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly idleSeconds: number;
  readonly out: string;
}

try {
  await bench(readOptions());
} catch (error) {
  console.error(`Cannot measure: ${(error as Error).message}`);
  process.exitCode = 1;
}

/** @throws Error for what is no part, or no number */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: PARTS.join() },
      sizes: { type: "string", default: "12,60" },
      runs: { type: "string", default: "5" },
      "idle-seconds": { type: "string", default: "60" },
      out: { type: "string", default: join(root, "dist/bench.json") },
    },
  });
  const parts = values.only.split(",");
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Error(`there is no part "${unknown.join()}"; there are ${PARTS.join(", ")}`);
  return {
    parts,
    sizes: values.sizes.split(",").map((size) => wholeNumber("--sizes", size, 99)),
    runs: wholeNumber("--runs", values.runs, 100),
    idleSeconds: wholeNumber("--idle-seconds", values["idle-seconds"], 3600),
    out: values.out,
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${option} is "${text}"; it takes whole numbers from 1 to ${most}`);
}

async function bench(options: Options): Promise<void> {
  const compose = await composeBinary(join(root, "dist/cache/docker-compose"));
  if ("missing" in compose) {
    console.log(`Docker Compose could not be had, so holdfast is measured alone: ${compose.missing}`);
  }
  const rows: Row[] = [];
  const show = (more: readonly Row[]): void => {
    rows.push(...more);
    console.log(renderTable(more));
  };
  const { parts, sizes, runs } = options;
  if (parts.includes("load")) {
    for (const size of sizes) show(await measureLoading({ size, runs, compose }));
  }
  const engineVersion = parts.some((part) => part !== "load") ? await benchDeployments(options, { compose, show }) : "";
  const conditions = describeConditions(options, { compose, engineVersion });
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, renderJson(rows, conditions));
  console.log(`\n${Object.entries(conditions).map(([name, value]) => `${name} ${value}`).join(", ")}\n${options.out}`);
}

interface Surroundings {
  readonly compose: ComposeBinary;
  readonly show: (rows: readonly Row[]) => void;
}

/** @returns the Engine's version */
async function benchDeployments(
  { parts, sizes, runs, idleSeconds }: Options,
  { compose, show }: Surroundings,
): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const stage = await setStage(stack, compose);
  for (const size of sizes) {
    await stage.compose?.remove();
    await stage.holdfast.remove();
    const measuring = { size, runs };
    if (parts.includes("first")) show(await measureFirst(stage, measuring));
    await deploy(stage, size);
    if (parts.includes("quiet")) show(await measureQuiet(stage, measuring));
    if (parts.includes("change")) show(await measureChange(stage, measuring));
    if (parts.includes("idle")) show(await measureIdle(stage, { size, seconds: idleSeconds }));
  }
  return stage.engineVersion;
}

function describeConditions(
  { runs }: Options,
  { compose, engineVersion }: { readonly compose: ComposeBinary; readonly engineVersion: string },
): Conditions {
  return {
    at: new Date().toISOString(),
    runs,
    processors: cpus().length,
    processor: cpus()[0]?.model ?? "",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    compose: "missing" in compose ? "none" : compose.version,
    ...(engineVersion === "" ? {} : { engine: engineVersion }),
  };
}
