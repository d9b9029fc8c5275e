import type { Command } from "commander";
import { renderPublishedJson } from "../../report/json.ts";
import { type CommandContext, createHostCommand } from "../command.ts";
import { applyExitCode } from "../exit-code.ts";
import { formatOption, type HostFlags, toHostOptions } from "../options.ts";
import { printLines } from "../print.ts";

export function applyCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "apply",
    summary: "one pass: make the host equal to its repositories",
    description: "Does one pass of each deployment, as the service does it, logs it on standard error " +
      "and prints how it ended. While the service runs it is asked for the pass, which it logs in its own journal.",
    examples: ["holdfast apply", "holdfast apply --deployment mender --format json"],
    exitCodes: {
      0: "applied, and verified where the deployment asks for it",
      1: "an error, a failed step or a failed verification",
      2: "differences remain: the deployment's mode does not carry them out, or something is in the way",
      3: "the newest revision is held, the applied one is in place",
    },
  }, "info").addOption(formatOption("text", "json")).action(async (flags: HostFlags & { readonly format: string }) => {
    const reports = await application.apply(toHostOptions(flags), io.signal);
    if (flags.format === "json") io.stdout.write(renderPublishedJson(reports));
    else printLines(io, "stdout", reports.map(({ summary }) => summary));
    finish(applyExitCode(reports));
  });
}
