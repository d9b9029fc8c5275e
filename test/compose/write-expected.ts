/**
 * Writes what the real Docker Compose makes of each case: the only thing that may write `expected.json`,
 * `expected.yaml`, `expected.error` and `expected.hash` (what `config --hash` prints).
 *
 *     node test/compose/write-expected.ts PATH-OF-DOCKER-COMPOSE [--check [--models]] [NAME…]
 *
 * `--check` writes nothing and fails when an answer differs from the kept one. It, and writing some answers anew, takes
 * the version that the others are of. With `--models` it looks at models and refusals only, in a third of the time.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Case, caseArguments, casesFolder, keptVersion, readCases, releaseOf } from "./cases.ts";
import { caseRoot } from "./corpus-case.ts";

const [binary, ...rest] = process.argv.slice(2);
const checking = rest.includes("--check");
const modelsOnly = checking && rest.includes("--models");
const names = rest.filter((word) => !word.startsWith("--"));
if (!binary) throw new Error("usage: write-expected.ts PATH-OF-DOCKER-COMPOSE [--check] [NAME…]");

const version = spawnSync(binary, ["version", "--short"], { encoding: "utf8" }).stdout.trim();
if (checking || names.length > 0) {
  if (releaseOf(keptVersion()) !== releaseOf(version)) throw new Error(`the kept answers are not of ${version}`);
} else writeFileSync(join(casesFolder, "VERSION"), `${version}\n`);

let differences = 0;
for (const one of readCases()) {
  if (names.length > 0 && !names.includes(one.name)) continue;
  const answer = ask(binary, one);
  const files = {
    "expected.json": answer.model,
    "expected.yaml": answer.yaml,
    "expected.error": answer.error,
    "expected.hash": answer.hashes,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(one.folder, name);
    const kept = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    if (kept === content || (modelsOnly && isSameVerdict(name, kept, content))) continue;
    differences++;
    if (checking) console.log(`${one.name}: ${name} differs`);
    else if (content === undefined) rmSync(path);
    else writeFileSync(path, content);
  }
}
console.log(`${version}: ${differences} ${checking ? "differ" : "written"}`);
process.exitCode = checking && differences > 0 ? 1 : 0;

interface Answer {
  readonly model?: string;
  readonly yaml?: string;
  readonly error?: string;
  readonly hashes?: string;
}

function ask(compose: string, one: Case): Answer {
  const parent = dirname(caseRoot);
  takeFolder(parent);
  try {
    cpSync(join(one.folder, "project"), caseRoot, { recursive: true });
    const env = { PATH: "/usr/bin:/bin", ...one.options.environment };
    const run = (what: readonly string[]) =>
      spawnSync(compose, [...caseArguments(one), "config", ...what], {
        cwd: join(caseRoot, one.options.workingFolder ?? ""),
        env,
        encoding: "utf8",
        timeout: 30_000,
      });
    const placed = (text: string) => text.replaceAll(caseRoot, "${DIR}").replaceAll(parent, "${DIR}/..");
    const clean = (text: string) => `${placed(text).trim()}\n`;
    const config = run(["--format", "json"]);
    if (config.status !== 0) {
      return { error: clean(config.stderr.split("\n").filter((line) => !/level=warning/.test(line)).join("\n")) };
    }
    if (modelsOnly) return { model: clean(config.stdout) };
    const hashes = run(["--hash", "*"]);
    const yaml = placed(run([]).stdout);
    return { model: clean(config.stdout), yaml, ...(hashes.status === 0 && { hashes: hashes.stdout }) };
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Of several mistakes Compose names the one that it comes to first, which is not always the same. */
function isSameVerdict(name: string, kept: string | undefined, content: string | undefined): boolean {
  return /yaml|hash/.test(name) || (name === "expected.error" && kept !== undefined && content !== undefined);
}

/** The hashes hold the folder's path: another run that uses it is waited for. */
function takeFolder(folder: string): void {
  for (let waits = 0;; waits++) {
    try {
      mkdirSync(folder);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST" || waits === 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
