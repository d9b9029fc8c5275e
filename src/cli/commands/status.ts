import type { Command } from "commander";
import { renderStaleClone } from "../../report/clone-text.ts";
import { renderStatusJson } from "../../report/json.ts";
import { renderAgent, renderStatus } from "../../report/status-text.ts";
import { type CommandContext, createHostCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { formatOption, type HostFlags, toHostOptions } from "../options.ts";
import { printLines } from "../print.ts";

export function statusCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "status",
    summary: "show the revision and state of each deployment",
    description: "Asks the running agent; with none, reads what the last one left in the state folder: the applied " +
      "revision, where the ref pointed at the last poll, why a newer revision is held, and the pass that goes on. " +
      "Neither the repository nor the Engine is asked.",
    examples: ["holdfast status", "holdfast status --format json"],
    exitCodes: { 0: "the state was read, whatever it is", 1: "it could not be read" },
  }, "warning").addOption(formatOption("text", "json")).action(
    async (flags: HostFlags & { readonly format: string }) => {
      const { agent, deployments, clones = [] } = await application.status(toHostOptions(flags), io.signal);
      const now = io.now();
      if (flags.format === "json") io.stdout.write(renderStatusJson(deployments, agent ?? null));
      else {
        const told = [...renderStatus(deployments, now), ...clones.map(renderStaleClone)];
        printLines(io, "stdout", [...told, renderAgent(agent, now)]);
      }
      finish(exitCode.success);
    },
  );
}
