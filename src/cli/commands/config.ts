import type { Command } from "commander";
import type { ConfigOptions, ConfigResult } from "../../agent/application.ts";
import { HoldfastError } from "../../model/error.ts";
import { renderExplanation, renderExplanationJson } from "../../report/explanation.ts";
import { renderIssues } from "../../report/issues-text.ts";
import { renderFindingsJson } from "../../report/json.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { CliIo } from "../io.ts";
import { collect, collectAssignment, formatOption } from "../options.ts";
import { printLines } from "../print.ts";
import { readInput } from "../read-input.ts";

interface ConfigFlags {
  readonly file?: readonly string[];
  readonly projectName?: string;
  readonly projectDirectory?: string;
  readonly profile?: readonly string[];
  readonly envFile?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly explain?: string;
  readonly format: "yaml" | "json";
}

export function configCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "config",
    summary: "print the Compose model as `docker compose config` does",
    description: "Resolves and merges Compose files into the canonical model: those of a deployment folder, " +
      "or those given with -f. Keys stay closed: a value that comes from one is printed as its reference. " +
      "The environment is what the files and --env give, never the shell's; COMPOSE_FILE, COMPOSE_PROFILES and their " +
      "like count there. " +
      "With --explain it tells where one value comes from: which file set it, which it overrode, " +
      "and which variables were interpolated.",
    examples: [
      "holdfast config production",
      "holdfast config -f compose.yaml -f compose.prod.yaml --env TAG=1.2 --format json",
      "holdfast config --explain service.web.ports",
    ],
    exitCodes: { 0: "the model or the explanation is on standard output", 1: "the issues are on standard error" },
  })
    .argument("[folder]", "the folder of holdfast.yaml or compose.yaml (default: the working directory)")
    .option("-f, --file <path>", "a Compose file, - for standard input; several are merged in order", collect)
    .option("-p, --project-name <name>", "the project's name")
    .option("--project-directory <path>", "what relative paths start from (default: the first file's folder)")
    .option("--profile <name>", "a profile to enable, * for all; several times", collect)
    .option("--env-file <path>", "a file of variables instead of .env; several times", collect)
    .option("--env <name=value>", "a variable, wins over every file; several times", collectAssignment)
    .option("--root <folder>", "the repository's root (default: the nearest folder above with .git)")
    .option("--explain <path>", "where the value at this path comes from, instead of the model")
    .addOption(formatOption("yaml", "json"))
    .action(async (folder: string | undefined, flags: ConfigFlags) => {
      const options = toConfigOptions(folder, flags);
      const input = options.files.includes("-") ? await readInput(io) : undefined;
      const result = await application.config({ ...options, ...(input && { input }) }, io.signal);
      printConfig(result, { io, format: flags.format });
      finish(result.kind === "issues" ? exitCode.failure : exitCode.success);
    });
}

function printConfig(
  result: ConfigResult,
  { io, format }: { readonly io: CliIo; readonly format: ConfigFlags["format"] },
): void {
  switch (result.kind) {
    case "model":
      io.stdout.write(result.text);
      printLines(io, "stderr", renderIssues(result.warnings, result.sources));
      return;
    case "explanation":
      if (format === "json") io.stdout.write(renderExplanationJson(result.explanation));
      else printLines(io, "stdout", renderExplanation(result.explanation, result.sources));
      return;
    case "issues":
      if (format === "json") io.stderr.write(renderFindingsJson(result.issues, []));
      else printLines(io, "stderr", renderIssues(result.issues, result.sources));
      return;
  }
}

function toConfigOptions(folder: string | undefined, flags: ConfigFlags): ConfigOptions {
  if (folder !== undefined && flags.file) {
    throw new HoldfastError("USAGE", `Cannot take both the folder "${folder}" and --file`, {
      retry: "operator",
      hint: "give a deployment folder, or Compose files with -f and their --project-directory",
    });
  }
  return {
    folder: folder ?? ".",
    root: flags.root,
    files: flags.file ?? [],
    project: flags.projectName,
    projectDirectory: flags.projectDirectory,
    profiles: flags.profile ?? [],
    envFiles: flags.envFile ?? [],
    environment: flags.env ?? {},
    format: flags.format,
    explain: flags.explain,
  };
}
