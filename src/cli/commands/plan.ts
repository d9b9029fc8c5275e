import type { Command } from "commander";
import { renderPublishedJson } from "../../report/json.ts";
import { type CommandContext, createHostCommand } from "../command.ts";
import { planExitCode } from "../exit-code.ts";
import { formatOption, type HostFlags, toHostOptions } from "../options.ts";
import { printLines } from "../print.ts";

export function planCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "plan",
    summary: "show what differs and what a pass would do",
    description: "Compares the newest revision with the host and prints every difference and every step. " +
      "It changes nothing: no container, no file, no key. With --steps each step has a number and, in brackets, the " +
      "numbers of the steps that it waits for; those with nothing in brackets start first, side by side. Where agent.yaml " +
      "names a credential of systemd, which the service alone has, the running agent is asked.",
    examples: ["holdfast plan", "holdfast plan --steps", "holdfast plan --deployment mender --format json"],
    exitCodes: {
      0: "converged: the host equals the revision",
      1: "it could not be found out",
      2: "something differs",
      3: "nothing differs from the applied revision, a newer one is held",
    },
  }, "warning").option("--steps", "number the steps and tell what each waits for").addOption(
    formatOption("text", "json"),
  ).action(
    async (flags: HostFlags & { readonly format: string; readonly steps?: true }) => {
      const plans = await application.plan({ ...toHostOptions(flags), steps: flags.steps ?? false }, io.signal);
      if (flags.format === "json") io.stdout.write(renderPublishedJson(plans));
      else printLines(io, "stdout", plans.flatMap(({ lines }) => lines));
      finish(planExitCode(plans));
    },
  );
}
