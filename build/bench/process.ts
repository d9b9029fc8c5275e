import { readFileSync } from "node:fs";
import { runCommand } from "../../test/support/command.ts";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** File of the network namespace that it runs in; nsenter adds its own millisecond. */
  readonly netns?: string;
  readonly cwd?: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** What a process took, in milliseconds. */
export interface ProcessTime {
  /** From its start until its output has ended. */
  readonly wallMs: number;
  /** User and system time, in steps of a hundredth of a second. */
  readonly cpuMs: number;
}

/**
 * Runs a program as a whole process.
 *
 * @throws Error with the end of its output when it fails
 */
export async function timeProcess({ command, args, netns, cwd, env }: Program): Promise<ProcessTime> {
  const [first, ...more] = netns === undefined
    ? [command, ...args]
    : ["nsenter", `--net=${netns}`, "--", command, ...args];
  const cpuBefore = childrenCpuMs();
  const startedAt = performance.now();
  const { code, signal, stdout, stderr } = await runCommand(first!, more, { cwd, env, timeoutMs: 300_000 });
  const wallMs = performance.now() - startedAt;
  if (code === 0) return { wallMs, cpuMs: childrenCpuMs() - cpuBefore };
  const said = `${stderr}${stdout}`.trim().split("\n").slice(-20).join("\n");
  throw new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}:\n${said}`);
}

/** Of all children of this process that have ended. */
function childrenCpuMs(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)!.split(" ");
  return (Number(fields[13]) + Number(fields[14])) * tickMs;
}

/** Linux counts processor time in hundredths of a second, whatever its own clock does (proc(5), USER_HZ). */
export const tickMs = 10;
