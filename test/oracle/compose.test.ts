import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { keptVersion, releaseOf } from "../compose/cases.ts";
import { output, runCommand } from "../support/command.ts";
import { findCompose } from "../support/compose-program.ts";

const kept = keptVersion();
const program = findCompose();
const version = program && (await output(program, ["version", "--short"])).toString().trim();

test(`the kept answers are those of Docker Compose ${kept}`, async (context) => {
  if (!program || releaseOf(version!) !== releaseOf(kept)) {
    context.diagnostic(
      `optional: ${program ? `${program} is ${version}` : "there is no docker-compose"}, and only ${kept} is asked`,
    );
    return;
  }
  const script = fileURLToPath(new URL("../compose/write-expected.ts", import.meta.url));
  const { code, stdout, stderr } = await runCommand(process.execPath, [script, program, "--check", "--models"], {
    timeoutMs: 240_000,
  });
  assert.equal(code, 0, `${stdout}${stderr}`);
});
