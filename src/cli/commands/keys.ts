import type { Command } from "commander";
import { type CommandContext, createCommand } from "../command.ts";
import { keysInspectCommand } from "./keys-inspect.ts";
import { keysOpenCommand } from "./keys-open.ts";
import { keysSealCommand } from "./keys-seal.ts";

export function keysCommand(context: CommandContext): Command {
  return createCommand({
    name: "keys",
    summary: "seal, open and inspect bundles of keys",
    description:
      "Works on the encrypted bundle that a deployment's keys are committed as: a tar of their folder in an " +
      "OpenPGP message. gpg opens what is sealed here (`gpg --decrypt keys.gpg | tar x`), and what it seals is opened here " +
      "(`tar c keys | gpg --symmetric`). Secrets are read from files, never from the command line.",
    examples: ["holdfast keys seal keys-generated --output keys-generated.tar.gpg --passphrase-file passphrase.txt"],
    exitCodes: { 0: "done", 1: "it could not be done; nothing was written" },
  })
    .addCommand(keysSealCommand(context))
    .addCommand(keysOpenCommand(context))
    .addCommand(keysInspectCommand(context))
    .helpCommand(false);
}
