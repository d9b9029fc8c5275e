/**
 * Writes what the real Docker Compose makes of each case: the only thing that may write `expected.json` and
 * `expected.error`.
 *
 *     node test/compose/write-expected.ts PATH-OF-DOCKER-COMPOSE [--check] [NAME…]
 *
 * `--check` writes nothing and fails when an answer differs from the kept one.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Case, caseArguments, casesFolder, readCases } from "./cases.ts";

const [binary, ...rest] = process.argv.slice(2);
const checking = rest.includes("--check");
const names = rest.filter((word) => !word.startsWith("--"));
if (!binary) throw new Error("usage: write-expected.ts PATH-OF-DOCKER-COMPOSE [--check] [NAME…]");

const version = spawnSync(binary, ["version", "--short"], { encoding: "utf8" }).stdout.trim();
const versionFile = join(casesFolder, "VERSION");
if (!checking) writeFileSync(versionFile, `${version}\n`);
else if (readFileSync(versionFile, "utf8").trim() !== version) {
  throw new Error(`the kept answers are not of ${version}`);
}

let differences = 0;
for (const one of readCases()) {
  if (names.length > 0 && !names.includes(one.name)) continue;
  const answer = ask(binary, one);
  const files = { "expected.json": answer.model, "expected.error": answer.error };
  for (const [name, content] of Object.entries(files)) {
    const path = join(one.folder, name);
    const kept = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    if (kept === content) continue;
    differences++;
    if (checking) console.log(`${one.name}: ${name} differs`);
    else if (content === undefined) rmSync(path);
    else writeFileSync(path, content);
  }
}
console.log(`${version}: ${differences} ${checking ? "differ" : "written"}`);
process.exitCode = checking && differences > 0 ? 1 : 0;

function ask(compose: string, one: Case): { readonly model?: string; readonly error?: string } {
  const parent = mkdtempSync(join(tmpdir(), "holdfast-case-"));
  const folder = join(parent, "project");
  try {
    cpSync(join(one.folder, "project"), folder, { recursive: true });
    const environment = { PATH: "/usr/bin:/bin", ...one.options.environment };
    const run = spawnSync(compose, [...caseArguments(one)], {
      cwd: folder,
      env: environment,
      encoding: "utf8",
      timeout: 30_000,
    });
    const clean = (text: string) => text.replaceAll(folder, "${DIR}").replaceAll(parent, "${DIR}/..");
    if (run.status === 0) return { model: `${clean(run.stdout).trim()}\n` };
    const lines = clean(run.stderr).split("\n").filter((line) => !/level=warning/.test(line));
    return { error: `${lines.join("\n").trim()}\n` };
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
