import type { Command } from "commander";
import type { InspectedKey, InspectedKeys } from "../../agent/keys.ts";
import { escapeText } from "../../model/escape.ts";
import type { CertificateFact, PemFacts, PrivateKeyFact } from "../../model/certificates.ts";
import { line, type LogLine } from "../../report/line.ts";
import { jsonText } from "../../report/json.ts";
import { alignColumns } from "../../report/words.ts";
import { type CommandContext, createCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { formatOption } from "../options.ts";
import { printLines } from "../print.ts";
import { describeRecipients, passphraseFileOption, privateKeyFileOption, type UnlockFlags } from "./keys-words.ts";

interface InspectFlags extends UnlockFlags {
  readonly format: string;
}

export function keysInspectCommand({ application, io, finish }: CommandContext): Command {
  return createCommand({
    name: "inspect",
    summary: "show what a bundle is sealed to, and what it holds",
    description: "Without a secret: the public keys, or the passphrase, that the bundle is sealed to. With one also " +
      "each file's path, mode, owner and size, and facts of the certificates and private keys in it. Bytes of a key are " +
      "never shown, and nothing is written.",
    examples: [
      "holdfast keys inspect keys-generated.tar.gpg",
      "holdfast keys inspect keys-generated.tar.gpg --passphrase-file passphrase.txt --format json",
    ],
    exitCodes: { 0: "shown", 1: "it could not be read or opened" },
  })
    .argument("<bundle>", "the bundle")
    .addOption(passphraseFileOption("the passphrase of the bundle, or of the private key, in a file"))
    .addOption(privateKeyFileOption())
    .addOption(formatOption("text", "json"))
    .action(async (bundle: string, { passphraseFile, privateKeyFile, format }: InspectFlags) => {
      const inspected = await application.inspectKeys({ bundle, passphraseFile, privateKeyFile }, io.signal);
      if (format === "json") io.stdout.write(jsonText({ bundle: toJson(inspected) }));
      else printLines(io, "stdout", inspectionLines(bundle, inspected));
      finish(exitCode.success);
    });
}

/** Modes as `ls` and the manifest write them, for readers of JSON too. */
function toJson({ sealedTo, files }: InspectedKeys) {
  return { sealedTo, files: files?.map((file) => ({ ...file, mode: formatMode(file.mode) })) };
}

function inspectionLines(bundle: string, { sealedTo, files = [] }: InspectedKeys): LogLine[] {
  const rows = alignColumns(files.map(({ path, mode, uid, gid, size }) => [
    formatMode(mode),
    `${uid}:${gid}`,
    `${size} B`,
    escapeText(path),
  ]));
  return [
    line("info", `${bundle}: sealed to ${describeRecipients(sealedTo)}`),
    ...files.flatMap((file, row) => [line("info", rows[row]!), ...pemTexts(file).map((text) => line("info", text))]),
  ];
}

function pemTexts({ pem }: InspectedKey): string[] {
  if (!pem) return [];
  const { certificates, privateKeys, damaged }: PemFacts = pem;
  return [
    ...certificates.map(certificateText),
    ...privateKeys.map(privateKeyText),
    ...damaged.map((label) => `a damaged ${label}`),
  ].map((text) => `      ${text}`);
}

function certificateText({ names, subject, notAfter }: CertificateFact): string {
  return `certificate for ${names.length > 0 ? names.join(", ") : subject}, not after ${notAfter}`;
}

function privateKeyText({ algorithm, bits, pemType, encrypted }: PrivateKeyFact): string {
  if (encrypted) return `private key with a passphrase of its own (${pemType})`;
  return `private key, ${algorithm}${bits === undefined ? "" : ` ${bits} bits`} (${pemType})`;
}

function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
