import type { Command } from "commander";
import { type CommandContext, createHostCommand } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { type HostFlags, toHostOptions } from "../options.ts";

/** For `holdfast-keys.service`; people have no need of it, and the help does not list it. */
export function placeKeysCommand({ application, io, finish }: CommandContext): Command {
  return createHostCommand({
    name: "place-keys",
    summary: "put keys and secrets back on tmpfs after a boot",
    description: "Opens the bundle of the revision that lies in each checkout and places its keys and secrets, from " +
      "the state folder alone: before the Engine starts the containers that bind them.",
    examples: ["holdfast place-keys"],
    exitCodes: { 0: "placed, or nothing to place", 1: "the keys of at least one deployment could not be placed" },
  }, "info").action(async (flags: HostFlags) => {
    const result = await application.placeKeys(toHostOptions(flags), io.signal);
    finish(result === "placed" ? exitCode.success : exitCode.failure);
  });
}
