import type { Command } from "commander";
import { jsonText } from "../../report/json.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { formatOption } from "../options.ts";

export function versionCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "version",
    summary: "print the version, commit and platform of this program",
    description: "Prints what this program was built from.",
    examples: ["holdfast version", "holdfast version --format json"],
    exitCodes: { 0: "printed" },
  }).addOption(formatOption("text", "json")).action(({ format }: { readonly format: string }) => {
    const { version, commit, platform } = application.build;
    const from = commit === "" ? "" : `, commit ${shortBuild(commit)}`;
    io.stdout.write(
      format === "json" ? jsonText({ holdfast: application.build }) : `holdfast ${version} (${platform}${from})\n`,
    );
    finish(exitCode.success);
  });
}

/** A build from files that differ from their commit says so: `3f2a91bc04de+dirty`. */
function shortBuild(commit: string): string {
  const [id = "", ...more] = commit.split("+");
  return [id.slice(0, 12), ...more].join("+");
}
