import type { Command } from "commander";
import type { CheckResult } from "../../agent/application.ts";
import { issueSummary, renderIssues } from "../../report/issues-text.ts";
import { renderFindingsJson } from "../../report/json.ts";
import { line, type LogLine } from "../../report/line.ts";
import { renderVerdicts, verdictSummary } from "../../report/verdicts-text.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { checkExitCode } from "../exit-code.ts";
import { formatOption } from "../options.ts";
import { printLines } from "../print.ts";

interface CheckFlags {
  readonly root?: string;
  readonly format: string;
}

export function checkCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "check",
    summary: "judge a deployment folder on disk, without a host",
    description: "Loads the deployment as it lies on disk and holds it against its policies: " +
      "for the CI of a deployment repository, or before a commit. Needs no agent.yaml, Engine or keys.",
    examples: ["holdfast check", "holdfast check production", "holdfast check production --format json"],
    exitCodes: { 0: "no errors, and no policy denies it", 1: "errors or denials, or it could not be read" },
  })
    .argument("[folder]", "the folder of holdfast.yaml or compose.yaml", ".")
    .option("--root <folder>", "the repository's root (default: the nearest folder above with .git)")
    .addOption(formatOption("text", "json"))
    .action(async (folder: string, flags: CheckFlags) => {
      const result = await application.check({ folder, root: flags.root }, io.signal);
      if (flags.format === "json") io.stdout.write(renderFindingsJson(result.issues, result.verdicts));
      else printLines(io, "stdout", checkLines(folder, result));
      finish(checkExitCode(result));
    });
}

function checkLines(folder: string, result: CheckResult): LogLine[] {
  const { issues, verdicts, sources } = result;
  const found = [issueSummary(issues), verdictSummary(verdicts)].filter((words) => words !== undefined).join(", ");
  const level = checkExitCode(result) === 0 ? "info" : "error";
  return [
    ...renderIssues(issues, sources),
    ...renderVerdicts(verdicts, sources),
    line(level, `${folder}: ${found || "nothing to mend"}`, { event: "checked" }),
  ];
}
