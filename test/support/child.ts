import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Arguments that run a script, given as URL, on the runtime of the tests: `[process.execPath, ...scriptArguments(url)]`. */
export function scriptArguments(script: URL): string[] {
  const runtime = process.versions.deno ? ["run", "--allow-all", "--no-check", "--quiet"] : [];
  return [...runtime, fileURLToPath(script)];
}

/** Starts a script as a process of its own, stdout piped. */
export function startScript(script: URL, args: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...scriptArguments(script), ...args], { stdio: ["ignore", "pipe", "inherit"] });
}
