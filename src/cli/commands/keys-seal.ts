import { type Command, Option } from "commander";
import type { SealKeysOptions } from "../../agent/keys.ts";
import { HoldfastError } from "../../model/error.ts";
import { line } from "../../report/line.ts";
import { jsonText } from "../../report/json.ts";
import { plural } from "../../report/words.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { collect, formatOption } from "../options.ts";
import { printLines } from "../print.ts";
import { describeRecipients, passphraseFileOption } from "./keys-words.ts";

interface SealFlags {
  readonly output: string;
  readonly passphraseFile?: string;
  readonly recipient?: readonly string[];
  readonly armor?: true;
  readonly format: string;
}

export function keysSealCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "seal",
    summary: "seal a folder of keys into a bundle",
    description: "Makes a tar of the folder, with its own name as top folder and all modes and owners kept, and " +
      "encrypts it with a passphrase or to public keys. The folder holds plain files only: links and devices are " +
      "refused. The bundle is replaced whole; the folder stays as it is.",
    examples: [
      "holdfast keys seal keys-generated --output keys-generated.tar.gpg --passphrase-file /run/user/0/passphrase",
      "holdfast keys seal keys-generated --output keys.asc --recipient host.asc --recipient ops.asc --armor",
    ],
    exitCodes: { 0: "the bundle is written", 1: "nothing was written" },
  })
    .argument("<folder>", "the folder of keys")
    .requiredOption("--output <file>", "the bundle")
    .addOption(passphraseFileOption("what to seal with: the passphrase in a file"))
    .addOption(
      new Option("--recipient <file>", "a public key to seal to, as gpg --export writes it; several times")
        .argParser(collect),
    )
    .option("--armor", "as text")
    .addOption(formatOption("text", "json"))
    .action(async (folder: string, flags: SealFlags) => {
      const sealed = await application.sealKeys({
        folder,
        output: flags.output,
        to: sealedTo(flags),
        format: flags.armor ? "armored" : "binary",
      }, io.signal);
      if (flags.format === "json") io.stdout.write(jsonText({ bundle: sealed }));
      else {
        const what = `${plural(sealed.fileCount, "file")} sealed to ${describeRecipients(sealed.sealedTo)}`;
        printLines(io, "stdout", [line("info", `${sealed.output}: ${what}`)]);
      }
      finish(exitCode.success);
    });
}

function sealedTo({ passphraseFile, recipient = [] }: SealFlags): SealKeysOptions["to"] {
  if (passphraseFile !== undefined && recipient.length === 0) return { kind: "passphrase", file: passphraseFile };
  if (passphraseFile === undefined && recipient.length > 0) return { kind: "recipients", files: recipient };
  const found = recipient.length > 0 ? "both --passphrase-file and --recipient" : "no secret";
  throw new HoldfastError("USAGE", `Cannot seal with ${found}, needed is one of the two`, {
    retry: "operator",
    hint: "give --passphrase-file FILE, or --recipient KEYFILE once for each public key",
  });
}
