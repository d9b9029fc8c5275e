import type { Command } from "commander";
import { type CommandContext, createHostCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { type HostFlags, toHostOptions } from "../options.ts";

export function runCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "run",
    summary: "keep the host equal to its repositories (the service)",
    description: "Reconciles every deployment of the configuration, at every interval and whenever its containers " +
      "change, until SIGTERM or SIGINT. A signal ends waits and pulls; the Engine call under way is finished first.",
    examples: ["holdfast run", "holdfast run --config ./agent.yaml --log-level debug"],
    exitCodes: {
      0: "ended by a signal",
      1: "it could not start, or could not go on",
      78: "it cannot start until a person has mended agent.yaml, the state or the runtime folder",
    },
  }, "info").action(async (flags: HostFlags) => {
    await application.run(toHostOptions(flags), io.signal);
    finish(exitCode.success);
  });
}
