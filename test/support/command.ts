import { spawn } from "node:child_process";
import type { SpawnOptions } from "node:child_process";

export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
  /** Written to file descriptor 3: a passphrase, which may not stand in argv. */
  readonly secret?: string;
  /** It and its children are killed then; default 60 s. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end, whatever its exit code. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const stdio: SpawnOptions["stdio"] = [
    "pipe",
    "pipe",
    "pipe",
    ...(options.secret === undefined ? [] : ["pipe" as const]),
  ];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio,
    detached: true, // a process group of its own: its helpers (git-remote-http) end with it
  });
  const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), options.timeoutMs ?? 60_000);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout!.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr!.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A program that does not read its input closes the pipe early; its exit code tells the rest.
  child.stdin!.on("error", () => {}).end(options.input ?? "");
  const secrets = child.stdio[3];
  if (options.secret !== undefined && secrets && "end" in secrets) {
    secrets.on("error", () => {}).end(`${options.secret}\n`);
  }
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/**
 * Runs a program that must succeed.
 *
 * @returns its stdout
 * @throws Error with its stderr
 */
export async function output(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Buffer> {
  const { code, signal, stdout, stderr } = await runCommand(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}: ${stderr.trim()}`);
  return stdout;
}
