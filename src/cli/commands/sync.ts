import type { Command } from "commander";
import type { SyncResult } from "../../agent/application.ts";
import { renderPublishedJson, renderWokenJson } from "../../report/json.ts";
import { line, type LogLine } from "../../report/line.ts";
import { type CommandContext, createHostCommand } from "../command.ts";
import { applyExitCode, exitCode } from "../exit-code.ts";
import { formatOption, type HostFlags, toHostOptions } from "../options.ts";
import { printLines } from "../print.ts";

interface SyncFlags extends HostFlags {
  readonly wait?: true;
  readonly format: string;
}

export function syncCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "sync",
    summary: "have the running agent do a pass now",
    description: "Wakes the running agent, also out of a pause after a failure: it asks the repository and looks at " +
      "the whole host. It prints what it woke; with --wait, how the pass that followed ended.",
    examples: ["holdfast sync", "holdfast sync mender --wait", "holdfast sync --wait --format json"],
    exitCodes: {
      0: "the agent was woken; with --wait: applied, and verified where the deployment asks for it",
      1: "no agent answers; with --wait also: an error, a failed step or a failed verification",
      2: "with --wait: differences remain, the deployment's mode does not carry them out",
      3: "with --wait: the newest revision is held, the applied one is in place",
    },
  }, "warning").argument("[deployment]", "only this deployment (default: all)")
    .option("--wait", "until the pass has ended")
    .addOption(formatOption("text", "json"))
    .action(async (deployment: string | undefined, flags: SyncFlags) => {
      const until = flags.wait ? "reported" : "ring";
      const host = toHostOptions(flags);
      const options = { ...host, deployment: deployment ?? host.deployment, until } as const;
      const result = await application.sync(options, io.signal);
      if (flags.format === "json") io.stdout.write(syncJson(result));
      else printLines(io, "stdout", syncLines(result));
      finish(result.kind === "reported" ? applyExitCode(result.reports) : exitCode.success);
    });
}

function syncJson(result: SyncResult): string {
  return result.kind === "reported" ? renderPublishedJson(result.reports) : renderWokenJson(result.deployments);
}

function syncLines(result: SyncResult): LogLine[] {
  if (result.kind === "reported") return result.reports.map(({ summary }) => summary);
  return result.deployments.map((name) => line("info", `${name}: woken`, { event: "woken", deployment: name }));
}
