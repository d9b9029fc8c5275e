import { writeFileSync } from "node:fs";

/**
 * Gives this process the name that `pidof`, `pgrep`, `ps`, `top` and the journal's `_COMM` know it by: Node calls its
 * main thread, and with it the process, "MainThread". The arguments stay as they are, which `process.title` overwrites.
 *
 * @see proc_pid_comm(5)
 */
export function nameProcess(name: string): void {
  try {
    writeFileSync("/proc/self/comm", name);
  } catch {
    // a name is not worth an error: Deno's permissions do not allow it, or there is no /proc
  }
}
