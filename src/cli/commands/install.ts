import { type Command, Option } from "commander";
import { HoldfastError } from "../../model/error.ts";
import type { InstallAction } from "../../ports/installer.ts";
import { jsonText } from "../../report/json.ts";
import { line, type LogLine } from "../../report/line.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { CliIo } from "../io.ts";
import { formatOption } from "../options.ts";
import { printLines } from "../print.ts";

interface InstallFlags {
  readonly repository?: string;
  readonly ref?: string;
  readonly path?: string;
  readonly prefix: string;
  readonly start: boolean;
  readonly format: string;
}

export function installCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "install",
    summary: "install this program as a systemd service, and start it",
    description:
      "Copies this program to /usr/local/bin/holdfast, writes /etc/holdfast/agent.yaml if none is there and " +
      "the units holdfast.service and holdfast-keys.service, enables both and starts the service. " +
      "Run it again with a newer program to upgrade, and after a folder in agent.yaml has moved.",
    examples: [
      "holdfast install --repository https://git.example.com/ops/mender.git --ref main --path production",
      "holdfast install",
    ],
    exitCodes: { 0: "installed, and started unless --no-start", 1: "it could not be installed or did not start" },
  })
    .option("--repository <url>", "the deployment repository, for a fresh agent.yaml")
    .option("--ref <ref>", "its branch, tag or commit (default: the branch of the remote's HEAD)")
    .option("--path <folder>", "the folder of holdfast.yaml or compose.yaml in it (default: its root)")
    .addOption(prefixOption())
    .option("--no-start", "put everything in place, and start nothing")
    .addOption(formatOption("text", "json"))
    .action(async ({ repository, ref, path, prefix, start, format }: InstallFlags) => {
      if (repository === undefined && (ref ?? path) !== undefined) throw needsRepository();
      const deployment = repository === undefined ? undefined : { repository, ref, path };
      const printer = new ActionPrinter(io, format);
      const options = { prefix, deployment, start: start ? "now" : "never" } as const;
      await application.install(options, (action) => printer.add(action), io.signal);
      printer.end();
      finish(exitCode.success);
    });
}

export function prefixOption(): Option {
  return new Option("--prefix <folder>", "root of another system: files are put below it, nothing is started")
    .default("/");
}

/** What an installation does: line by line as text, all of it at the end as JSON. */
export class ActionPrinter {
  readonly #io: CliIo;
  readonly #format: string;
  readonly #actions: InstallAction[] = [];

  constructor(io: CliIo, format: string) {
    this.#io = io;
    this.#format = format;
  }

  add(action: InstallAction): void {
    this.#actions.push(action);
    if (this.#format !== "json") printLines(this.#io, "stdout", [actionLine(action)]);
  }

  end(): void {
    if (this.#format === "json") this.#io.stdout.write(jsonText({ actions: this.#actions }));
  }
}

function actionLine({ kind, what, why }: InstallAction): LogLine {
  return line("info", `${kind.padEnd(8)}${what}${why === undefined ? "" : `: ${why}`}`);
}

function needsRepository(): HoldfastError {
  return new HoldfastError("USAGE", "Cannot understand the command line: --ref and --path without --repository", {
    retry: "operator",
    hint: "give the repository too, or edit /etc/holdfast/agent.yaml",
  });
}
