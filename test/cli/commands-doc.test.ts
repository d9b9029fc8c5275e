import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { exitCode } from "../../src/cli/exit-code.ts";
import { hostCommands, runLine } from "./application.ts";

const page = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
const hostOptions = page.slice(page.indexOf("Options of the commands that work"), page.indexOf("## run"));

test("docs/commands.md has every command", async () => {
  const { stdout } = await runLine("--help", {});
  const listed = stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z]+) /gm);
  const commands = [...listed].map(([, name]) => name).filter((name) => name !== "help");
  assert.deepEqual([...page.matchAll(/^## ([a-z]+)$/gm)].map(([, name]) => name), commands);
});

for (const command of [...hostCommands, "keys"]) {
  test(`docs/commands.md has every option and exit code of ${command}`, async () => {
    const { stdout } = await runLine(`${command} --help`, {});
    const section = page.slice(page.indexOf(`\n## ${command}\n`)).split("\n## ")[1] ?? "";
    const help = stdout.slice(0, stdout.indexOf("Exit codes:"));
    for (const [option] of help.matchAll(/--[a-z-]+/g)) {
      if (option !== "--help") assert.ok(`${section}${hostOptions}`.includes(option), `${option} is not documented`);
    }
    const codes = [...stdout.slice(stdout.indexOf("Exit codes:")).matchAll(/^ {2}(\d+) /gm)].map(([, code]) => code);
    const documented = section.slice(section.search(/Exit codes?:/));
    for (const code of codes.filter((each) => Number(each) < 64)) assert.match(documented, new RegExp(`\\b${code}\\b`));
  });
}

test("docs/commands.md has every exit code in its table", () => {
  const table = page.slice(page.indexOf("## Exit codes"), page.indexOf("## Output"));
  const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(codes, Object.values(exitCode));
});
