import type { Command } from "commander";
import { line } from "../../report/line.ts";
import { jsonText } from "../../report/json.ts";
import { plural } from "../../report/words.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { formatOption } from "../options.ts";
import { printLines } from "../print.ts";
import { missingSecret, passphraseFileOption, privateKeyFileOption, type UnlockFlags } from "./keys-words.ts";

interface OpenFlags extends UnlockFlags {
  readonly output: string;
  readonly preserve?: true;
  readonly format: string;
}

export function keysOpenCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "open",
    summary: "open a bundle into a folder",
    description: "Decrypts a bundle and puts its files into a new folder: whole or not at all, for its owner only " +
      "(folders 0700, files 0600 or stricter). A top folder of the same name as the output is taken for the output itself. " +
      "Use a folder on tmpfs, such as one below /dev/shm: what is deleted from a disk can be brought back.",
    examples: [
      "holdfast keys open keys-generated.tar.gpg --output /dev/shm/keys-generated --passphrase-file passphrase.txt --preserve",
      "holdfast keys open keys.asc --output /dev/shm/keys --private-key-file host-secret.asc",
    ],
    exitCodes: { 0: "the folder is written", 1: "nothing was written" },
  })
    .argument("<bundle>", "the bundle")
    .requiredOption("--output <folder>", "a folder that is not there, or empty")
    .addOption(passphraseFileOption("the passphrase of the bundle, or of the private key, in a file"))
    .addOption(privateKeyFileOption())
    .option("--preserve", "modes of files, and as root their owners, as in the bundle: to seal them again")
    .addOption(formatOption("text", "json"))
    .action(async (bundle: string, flags: OpenFlags) => {
      if (flags.passphraseFile === undefined && flags.privateKeyFile === undefined) throw missingSecret(bundle);
      const { output, passphraseFile, privateKeyFile } = flags;
      const modes = flags.preserve ? "bundle" : "strict";
      const opened = await application.openKeys({ bundle, output, passphraseFile, privateKeyFile, modes }, io.signal);
      if (flags.format === "json") io.stdout.write(jsonText({ folder: opened }));
      else printLines(io, "stdout", [line("info", `${output}: ${plural(opened.fileCount, "file")}`)]);
      printLines(io, "stderr", [
        ...(opened.storage === "disk"
          ? [line("warning", `warning: "${output}" is on a disk, not on tmpfs: open keys below /dev/shm instead`)]
          : []),
        ...(opened.stricterCount > 0 ? [line("warning", stricterText(opened.stricterCount))] : []),
      ]);
      finish(exitCode.success);
    });
}

function stricterText(count: number): string {
  return `note: ${plural(count, "file")} open to others in the bundle; --preserve keeps that, to seal the folder again`;
}
