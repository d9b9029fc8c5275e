import { Command } from "commander";
import type { Application, LogOptions } from "../agent/application.ts";
import type { ExitCode } from "./exit-code.ts";
import type { CliIo } from "./io.ts";
import { hostOptions } from "./options.ts";

/** What a command works with. */
export interface CommandContext {
  readonly application: Application;
  readonly io: CliIo;
  /** Takes the exit code of the command that ran. */
  readonly finish: (code: ExitCode) => void;
}

/** The parts of a command's help that every command has. */
export interface CommandHelp {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What it does and what it leaves alone. */
  readonly description: string;
  readonly examples: readonly string[];
  /** Meaning by exit code, without those that every command has. */
  readonly exitCodes: Readonly<Record<number, string>>;
}

const commonExitCodes = {
  64: "the command line was not understood",
  130: "interrupted",
  141: "nobody read its output to the end",
};

/** A command whose `--help` ends with its exit codes and examples. */
export function createCommand(help: CommandHelp): Command {
  const codes = { ...help.exitCodes, ...commonExitCodes };
  const rows = Object.entries(codes).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`);
  const examples = help.examples.map((example) => `  ${example}`);
  return new Command(help.name)
    .summary(help.summary)
    .description(help.description)
    .addHelpText("after", `\nExit codes:\n${rows.join("\n")}\n\nExamples:\n${examples.join("\n")}`);
}

/** A command that works on a configured host. `level` is the default of its `--log-level`. */
export function createHostCommand(help: CommandHelp, level: LogOptions["level"]): Command {
  const command = createCommand(help);
  for (const option of hostOptions(level)) command.addOption(option);
  return command;
}
