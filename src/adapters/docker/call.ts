import { HoldfastError } from "../../model/error.ts";
import { missingThing } from "./missing-things.ts";
import { portTaken, refusalHint } from "./refusal-hints.ts";

export interface CallLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Runs one Engine call within its time limit and its caller's signal.
 *
 * @param action what cannot be done if it fails: `start container "web"`
 * @throws HoldfastError `ENGINE_UNREACHABLE`, `IMAGE_MISSING` and `ENGINE_GONE` for what is not there, `PORT_TAKEN`, `ENGINE_CALL` on any other refusal and when the time
 *   is up, `CANCELLED` (or the signal's own reason, if that is a HoldfastError) when the caller gave up
 */
export async function engineCall<T>(
  action: string,
  limits: CallLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs } = limits;
  if (signal.aborted) throw cancelled(action, signal);
  const ended = new AbortController();
  const end = () => ended.abort();
  const timer = setTimeout(end, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await unlessAborted(work(ended.signal), ended.signal);
  } catch (error) {
    if (signal.aborted) throw cancelled(action, signal);
    if (ended.signal.aborted) throw tooLate(action, timeoutMs);
    throw engineError(action, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/**
 * What a call comes to, or the signal's reason as soon as it aborts: dockerode alone does not end a call whose answer was
 * cut off half-way, nor under Deno one that was not answered yet.
 */
export function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([call, aborted]);
}

/** What the Engine or the socket said, in our terms; a HoldfastError stays what it is. */
export function engineError(action: string, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === "number") return refusal(action, status, error);
  const code = (error as { code?: unknown }).code;
  return unreachable(action, typeof code === "string" ? code : "", error);
}

/** The Engine's own words. */
export function engineMessage(error: unknown): string {
  const { json, message } = error as { json?: { message?: unknown }; message?: unknown };
  const text = typeof json?.message === "string" ? json.message : String(message ?? error);
  return text.replace(/^\(HTTP code \d+\)[^-]*- /, "").replace(/\s+/g, " ").trim();
}

function refusal(action: string, status: number, error: unknown): HoldfastError {
  const message = engineMessage(error);
  const missing = status === 404 || status === 400 ? missingThing(message) : undefined;
  const words = `Cannot ${action}: ${message}`;
  if (missing?.kind === "image") {
    return new HoldfastError("IMAGE_MISSING", words, { retry: "backoff", hint: missing.hint, cause: error });
  }
  if (status === 404 || missing) {
    const hint = missing?.hint ?? "the host changed since it was looked at; the next pass looks again";
    return new HoldfastError("ENGINE_GONE", words, { retry: "backoff", hint, cause: error });
  }
  if (isPortTaken(message)) {
    return new HoldfastError("PORT_TAKEN", words, {
      retry: "backoff",
      hint: hintFor(message, status),
      cause: error,
    });
  }
  return new HoldfastError("ENGINE_CALL", `Cannot ${action}: ${message} (HTTP ${status})`, {
    retry: status === 400 ? "next-revision" : "backoff",
    hint: hintFor(message, status),
    cause: error,
  });
}

/** In the words of the Engine, and of the kernel where a program of the host has the port. */
function isPortTaken(message: string): boolean {
  return portTaken.test(message);
}

function hintFor(message: string, status: number): string {
  const known = refusalHint(message);
  if (known) return known;
  return status >= 500 ? "see the Engine's log: journalctl -u docker" : "correct what the Engine refuses and push";
}

const unreachableHints: Readonly<Record<string, string>> = {
  ENOENT: "start the Engine (systemctl start docker), or correct engine.host in agent.yaml",
  ECONNREFUSED: "start the Engine: systemctl start docker",
  EACCES: "run holdfast as root, or as a member of the group that owns the socket",
  EPERM: "run holdfast as root, or as a member of the group that owns the socket",
};

function unreachable(action: string, code: string, error: unknown): HoldfastError {
  const found = error instanceof Error ? error.message : String(error);
  return new HoldfastError("ENGINE_UNREACHABLE", `Cannot ${action}: the Docker Engine does not answer (${found})`, {
    retry: "backoff",
    hint: unreachableHints[code] ?? "see the Engine's state and log: systemctl status docker, journalctl -u docker",
    cause: error,
  });
}

function tooLate(action: string, timeoutMs: number): HoldfastError {
  return new HoldfastError(
    "ENGINE_CALL",
    `Cannot ${action}: no answer from the Docker Engine within ${timeoutMs / 1000} s`,
    {
      retry: "backoff",
      hint: "see what keeps the Engine busy: journalctl -u docker",
    },
  );
}

/** What the signal was aborted with, if that says it; else `CANCELLED`. */
export function cancelled(action: string, signal: AbortSignal): HoldfastError {
  if (signal.reason instanceof HoldfastError) return signal.reason;
  return new HoldfastError("CANCELLED", `Cannot ${action}: cancelled`, {
    retry: "backoff",
    hint: "start it again",
    cause: signal.reason,
  });
}
