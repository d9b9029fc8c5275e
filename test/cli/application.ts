import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import type { Application } from "../../src/agent/application.ts";
import type { CliIo } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/run-cli.ts";

export const build = { version: "0.1.0", commit: "ab".repeat(20), platform: "linux-x64" };

/** The commands whose help is held in test/golden; those of keys have a test file of their own. */
export const hostCommands = "run plan apply check config status report sync install uninstall version".split(" ");

/** An application of which a test gives the use cases that it expects to be called; any other one fails the test. */
export function applicationWith(useCases: Partial<Application>): Application {
  const refuse = (name: string) => () => Promise.reject(new Error(`${name}() was called`));
  return {
    build,
    run: refuse("run"),
    plan: refuse("plan"),
    apply: refuse("apply"),
    check: refuse("check"),
    config: refuse("config"),
    status: refuse("status"),
    install: refuse("install"),
    uninstall: refuse("uninstall"),
    sealKeys: refuse("sealKeys"),
    openKeys: refuse("openKeys"),
    inspectKeys: refuse("inspectKeys"),
    placeKeys: refuse("placeKeys"),
    sync: refuse("sync"),
    report: refuse("report"),
    ...useCases,
  };
}

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: CliIo["env"];
  readonly isTTY?: boolean;
  /** Standard input; empty by default. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** Runs one command line, split at spaces, and gives what a shell would see. */
export async function runLine(
  command: string,
  useCases: Partial<Application>,
  options: CliOptions = {},
): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => written[name] += text,
    isTTY: options.isTTY ?? false,
    columns: 100,
  });
  const code = await runCli(command.split(" ").filter((word) => word !== ""), applicationWith(useCases), {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: Readable.from([Buffer.from(options.input ?? "")]),
    env: options.env ?? {},
    now: () => new Date("2026-11-24T04:00:00Z"),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, ...written };
}

/** A command line that is not understood: exits 64, names what it found, and says what to do. */
export async function assertUsageError(command: string, found: string, advice: string): Promise<void> {
  const { code, stdout, stderr } = await runLine(command, {});
  assert.deepEqual([code, stdout], [64, ""]);
  const [error, hint] = stderr.split("\n");
  assert.ok(error?.startsWith("error: Cannot ") && error.includes(found), stderr);
  assert.ok(hint?.startsWith("hint: ") && hint.includes(advice), stderr);
}
