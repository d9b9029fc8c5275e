import type { Command } from "commander";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { formatOption } from "../options.ts";
import { ActionPrinter, prefixOption } from "./install.ts";

export function uninstallCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "uninstall",
    summary: "stop the service and remove what install put there",
    description:
      "Stops and disables the service and removes its units and its program; agent.yaml too while it is as " +
      "installed. Containers, state, checkouts and drop-ins are left alone.",
    examples: ["holdfast uninstall"],
    exitCodes: { 0: "removed", 1: "it could not be removed, or is not installed" },
  })
    .addOption(prefixOption())
    .addOption(formatOption("text", "json"))
    .action(async ({ prefix, format }: { readonly prefix: string; readonly format: string }) => {
      const printer = new ActionPrinter(io, format);
      await application.uninstall({ prefix }, (action) => printer.add(action), io.signal);
      printer.end();
      finish(exitCode.success);
    });
}
