import type { HoldfastError } from "../model/error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Supervisor } from "../ports/supervisor.ts";

/** Where nobody watches, nobody has to be told. */
const unwatchedMs = 3_600_000;

/**
 * The service of a host that has no deployment yet: it says so once, and does nothing until the signal.
 *
 * @param why `CONFIG_EMPTY`
 */
export async function waitUnconfigured(
  { message, hint, code }: HoldfastError,
  { supervisor, log, clock }: { readonly supervisor: Supervisor; readonly log: Log; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  log.write("notice", `${message} (${code}); hint: ${hint}`, { event: "unconfigured", code });
  supervisor.ready();
  supervisor.status(`${message}; ${hint}`);
  const pauseMs = supervisor.watchdogMs === undefined ? unwatchedMs : supervisor.watchdogMs / 4;
  while (!signal.aborted) {
    supervisor.progress();
    await clock.sleep(pauseMs, signal).catch(() => {}); // the signal ended it
  }
  await supervisor.stopping();
}
