import type { Command } from "commander";
import { renderPublishedJson } from "../../report/json.ts";
import { line, type LogLine } from "../../report/line.ts";
import type { PublishedReport } from "../../report/published.ts";
import { type CommandContext, createHostCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { formatOption, type HostFlags, toHostOptions } from "../options.ts";
import { printLines } from "../print.ts";

export function reportCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "report",
    summary: "show the running agent's last report",
    description: "Asks the running agent what its last pass of each deployment found and did: the revision, what " +
      "differed and why, what came of each step, and the verification. A pass that finds all as it " +
      "was has nothing to say and replaces no report.",
    examples: ["holdfast report", "holdfast report mender", "holdfast report --format json"],
    exitCodes: { 0: "printed, whatever it says", 1: "no agent answers, or no pass of it has ended yet" },
  }, "warning").argument("[deployment]", "only this deployment (default: all)")
    .addOption(formatOption("text", "json"))
    .action(async (deployment: string | undefined, flags: HostFlags & { readonly format: string }) => {
      const host = toHostOptions(flags);
      const reports = await application.report({ ...host, deployment: deployment ?? host.deployment }, io.signal);
      if (flags.format === "json") io.stdout.write(renderPublishedJson(reports));
      else printLines(io, "stdout", reports.flatMap(reportText));
      if (reports.length === 0) printLines(io, "stderr", [line("warning", "no pass has ended yet")]);
      finish(reports.length === 0 ? exitCode.failure : exitCode.success);
    });
}

/** How it ended, and below it what the pass had to say. */
function reportText({ summary, lines }: PublishedReport): LogLine[] {
  return [summary, ...lines.map((each) => ({ ...each, text: `  ${each.text}` }))];
}
