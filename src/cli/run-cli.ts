import { Command, CommanderError } from "commander";
import type { Application } from "../agent/application.ts";
import { HoldfastError } from "../model/error.ts";
import { applyCommand } from "./commands/apply.ts";
import { checkCommand } from "./commands/check.ts";
import { configCommand } from "./commands/config.ts";
import { installCommand } from "./commands/install.ts";
import { keysCommand } from "./commands/keys.ts";
import { placeKeysCommand } from "./commands/place-keys.ts";
import { planCommand } from "./commands/plan.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { syncCommand } from "./commands/sync.ts";
import { uninstallCommand } from "./commands/uninstall.ts";
import { versionCommand } from "./commands/version.ts";
import type { CommandContext } from "./command.ts";
import { errorExitCode, exitCode } from "./exit-code.ts";
import type { CliIo } from "./io.ts";
import { type ErrorFormat, printError } from "./print.ts";

const commands = [
  runCommand,
  planCommand,
  applyCommand,
  checkCommand,
  configCommand,
  statusCommand,
  reportCommand,
  syncCommand,
  installCommand,
  uninstallCommand,
  keysCommand,
  versionCommand,
] as const;

/**
 * Parses one command line, runs its use case and prints the answer. Never throws and never ends the process.
 *
 * @param argv the arguments alone, without program and script
 * @returns the exit code, as `docs/commands.md` lists them
 */
export async function runCli(argv: readonly string[], application: Application, io: CliIo): Promise<number> {
  let code: number | undefined;
  const program = createProgram({ application, io, finish: (given) => code = given });
  if (argv.length === 0) {
    io.stderr.write(program.helpInformation());
    return exitCode.usage;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    if (code === undefined) throw new Error("the command ended without an exit code");
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCode.success;
    if (thrown instanceof CommanderError && thrown.code === "commander.help") { // a group of commands, and none of them
      io.stderr.write(namedCommands(program, argv).at(-1)!.helpInformation());
      return exitCode.usage;
    }
    const error = thrown instanceof CommanderError ? usageError(thrown, { program, argv }) : thrown;
    return printFailure(io, argv, error);
  }
}

/** Why there is no answer, in the form that it would have had. @returns the exit code */
export function printFailure(io: CliIo, argv: readonly string[], thrown: unknown): number {
  printError(io, thrown, errorFormat(argv, io.env));
  return errorExitCode(thrown, argv[0]);
}

function createProgram(context: CommandContext): Command {
  const { io, application } = context;
  const program = new Command("holdfast")
    .description("Keeps a Docker host equal to its deployment repository.")
    .version(application.build.version, "-V, --version", "print the version alone")
    .helpCommand("help [command]", "show the help of a command")
    .showSuggestionAfterError(true);
  for (const create of commands) program.addCommand(create(context));
  program.addCommand(placeKeysCommand(context), { hidden: true });
  const width = Math.min(120, Math.max(60, io.stdout.columns ?? 100));
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => undefined, // errors are printed once, by printError()
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    }).configureHelp({ showGlobalOptions: false });
  }
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The program, and the command and subcommand that the first words name. */
function namedCommands(program: Command, argv: readonly string[]): Command[] {
  const [word, ...rest] = argv;
  const command = program.commands.find((each) => each.name() === word);
  return command ? [program, ...namedCommands(command, rest)] : [program];
}

/** What commander found wrong with the command line, in the form of every other error. */
function usageError(
  { message }: CommanderError,
  { program, argv }: { readonly program: Command; readonly argv: readonly string[] },
): HoldfastError {
  const [found = message, suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const meant = /Did you mean (.*)\?/.exec(suggestion)?.[1];
  const names = namedCommands(program, argv).slice(1).map((command) => `${command.name()} `).join("");
  const advice = [
    ...(meant ? [`did you mean ${meant}?`] : []),
    ...(argv[0]?.startsWith("-") ? ['options come after the command, as in "holdfast plan --config FILE";'] : []),
    `"holdfast ${names}--help" lists what there is`,
  ];
  const words = found.replaceAll("'", '"').replace(/\.$/, "");
  return new HoldfastError("USAGE", `Cannot understand the command line: ${words}`, {
    retry: "operator",
    hint: advice.join(" "),
  });
}

/** Errors take the form that the answer would have had, even where the command line could not be parsed. */
function errorFormat(argv: readonly string[], env: CliIo["env"]): ErrorFormat {
  const words = argv.join(" ");
  if (/ --format[ =]json\b/.test(words)) return "json";
  if (/ --log-format[ =]json\b/.test(words)) return "log";
  const isUnit = argv[0] === "run" || argv[0] === "place-keys";
  return isUnit && env["JOURNAL_STREAM"] !== undefined ? "journal" : "text";
}
