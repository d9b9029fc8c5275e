import { execFile } from "node:child_process";
import { HoldfastError } from "../../model/error.ts";

/** A start waits until the agent is ready, a stop until the call under way is finished. */
const timeoutMs = 300_000;

/**
 * Runs systemctl. Only commands of an operator do so, never the agent.
 *
 * @param args such as `["enable", "holdfast.service"]`
 * @returns its standard output
 * @throws HoldfastError `INSTALL` with what systemctl says
 */
export function systemctl(args: readonly string[], signal: AbortSignal): Promise<string> {
  const options = { signal, timeout: timeoutMs, env: { LC_ALL: "C", SYSTEMD_PAGER: "" } };
  return new Promise((resolve, reject) => {
    execFile("/usr/bin/systemctl", args, options, (cause, stdout, stderr) => {
      if (!cause) return resolve(stdout);
      if (signal.aborted) return reject(signal.reason);
      const found = stderr.trim().split("\n")[0] || cause.message;
      reject(
        new HoldfastError("INSTALL", `Cannot run "systemctl ${args.join(" ")}": ${found}`, {
          retry: "operator",
          hint: "see what it says: systemctl status holdfast, journalctl -u holdfast -n 20",
          cause,
        }),
      );
    });
  });
}

/** The version of systemd on this machine; 0 when it does not tell. */
export async function systemdVersion(signal: AbortSignal): Promise<number> {
  const text = await systemctl(["--version"], signal);
  return Number(/^systemd (\d+)/.exec(text)?.[1] ?? 0);
}
