// Makes V8's code cache of the program, or checks that V8 takes it.
//   node _compile.ts make|check PROGRAM CACHE
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** What the program is run with, so that V8 compiles what these need. */
const uses = [
  ["version"],
  ["--help"],
  ["config", "--help"],
  ["config", "-f", example("hello/compose.yaml")],
  ["config", "-f", example("mender/docker-compose.yml"), "--format", "json"],
  ["config", example("mender/production"), "--root", example("mender")],
  ["check", example("mender/production"), "--root", example("mender")],
] as const;

function example(path: string): string {
  return fileURLToPath(new URL(`../examples/${path}`, import.meta.url));
}

const [step, file = "", cache = ""] = process.argv.slice(2);
const text = readFileSync(file, "latin1");
if (step === "make") {
  const script = new Script(text, { filename: "holdfast" });
  for (const args of uses) await run(script, args);
  setFlagsFromString("--initial-old-space-size=0"); // back to the default: V8 takes no cache of another heap
  writeFileSync(cache, script.createCachedData());
} else if (new Script(text, { cachedData: readFileSync(cache) }).cachedDataRejected) {
  throw new Error("V8 does not take the code cache that it made");
}

/** Runs the program once, without its output. */
async function run(script: Script, args: readonly string[]): Promise<void> {
  const { argv, exit, exitCode } = process;
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  const ended = new Promise<unknown>((resolve) => process.exit = resolve as typeof exit);
  process.argv = [process.execPath, process.execPath, ...args];
  for (const { stream } of streams) stream.write = takeAll;
  try {
    script.runInThisContext()(createRequire(import.meta.url), { exports: {} }, {}, file);
    const code = await ended;
    if (code !== 0) throw new Error(`"holdfast ${args.join(" ")}" ended with ${code}`);
  } finally {
    for (const { stream, write } of streams) stream.write = write;
    Object.assign(process, { argv, exit, exitCode });
  }
}

/** The program ends when its output was taken. */
function takeAll(_text: unknown, written?: unknown): boolean {
  if (typeof written === "function") written();
  return true;
}
