import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { Log } from "../../ports/log.ts";
import type { Supervisor } from "../../ports/supervisor.ts";

/** The one program that the agent starts: Node has no Unix datagram socket. */
const notifyProgram = "/usr/bin/systemd-notify";
/** Until systemd has taken a message. */
const timeoutMs = 10_000;

export interface NotifyOptions {
  /** Holds NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, where systemd started this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly log: Log;
}

/**
 * systemd as the agent's supervisor, by sd_notify(3). Without NOTIFY_SOCKET it is told nothing.
 *
 * @see sd_notify(3), sd_watchdog_enabled(3)
 */
export function systemdSupervisor({ env, pid, log }: NotifyOptions): Supervisor {
  const socket = env["NOTIFY_SOCKET"];
  if (!socket) return nobody;
  const watchdogMs = watchdogOf(env, pid);
  const messages = new Messages(socket, log);
  let fedAtMs = -Infinity;
  let told = "";
  return {
    watchdogMs,
    ready: () => messages.add("READY", "1"),
    status: (text) => {
      if (text !== told) messages.add("STATUS", (told = text).replaceAll(/\s+/g, " "));
    },
    progress: () => {
      if (watchdogMs === undefined || performance.now() - fedAtMs < watchdogMs / 3) return;
      fedAtMs = performance.now();
      messages.add("WATCHDOG", "1");
    },
    stopping: async () => {
      messages.add("STOPPING", "1");
      await messages.sent;
    },
  };
}

const nobody: Supervisor = {
  watchdogMs: undefined,
  ready: () => {},
  progress: () => {},
  status: () => {},
  stopping: () => Promise.resolve(),
};

function watchdogOf(env: NotifyOptions["env"], pid: number): number | undefined {
  const ms = Number(env["WATCHDOG_USEC"]) / 1000;
  const isOurs = env["WATCHDOG_PID"] === undefined || env["WATCHDOG_PID"] === String(pid);
  return isOurs && ms > 0 ? ms : undefined;
}

/** One message at a time; what comes up meanwhile is one message, the newest value of each variable. */
class Messages {
  readonly #socket: string;
  readonly #log: Log;
  readonly #waiting = new Map<string, string>();
  #sending: Promise<void> | undefined;

  constructor(socket: string, log: Log) {
    this.#socket = socket;
    this.#log = log;
  }

  get sent(): Promise<void> {
    return this.#sending ?? Promise.resolve();
  }

  add(variable: string, value: string): void {
    this.#waiting.set(variable, value);
    this.#sending ??= this.#sendAll().finally(() => this.#sending = undefined);
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const message = [...this.#waiting].map(([variable, value]) => `${variable}=${value}`);
      this.#waiting.clear();
      await this.#send(message);
    }
  }

  /** Without a shell, and with nothing of the agent's environment. */
  #send(message: readonly string[]): Promise<void> {
    const options = { env: { NOTIFY_SOCKET: this.#socket }, timeout: timeoutMs, killSignal: "SIGKILL" as const };
    return new Promise((resolve) => {
      execFile(notifyProgram, message, options, (error, _stdout, stderr) => {
        const why = stderr.trim() || error?.message;
        if (error) this.#log.write("warning", `Cannot tell systemd ${message.join(" ")}: ${why}`, { event: "notify" });
        resolve();
      });
    });
  }
}
