import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { HoldfastError } from "../../model/error.ts";
import type { PullOptions } from "../../ports/engine.ts";
import { cancelled, engineError, engineMessage, unlessAborted } from "./call.ts";
import { jsonLines } from "./json-lines.ts";
import { localReference, registryOf } from "./references.ts";

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Credentials of one registry, read when they are needed. */
export interface Registry {
  /** As references name it: `registry.example.com:5000`; `docker.io` for the default one. */
  readonly host: string;
  readonly login: (signal: AbortSignal) => Promise<RegistryLogin>;
}

export interface PullContext {
  readonly docker: Docker;
  readonly registries: readonly Registry[];
  /** The pull ends when the Engine says nothing for so long. */
  readonly silenceMs: number;
  readonly timeoutMs: number;
}

/**
 * Pulls one image and waits until it is here.
 *
 * @throws HoldfastError `IMAGE_PULL` with the registry's own words, `ENGINE_UNREACHABLE`
 */
export async function pullImage(image: string, options: PullOptions & PullContext, signal: AbortSignal): Promise<void> {
  const action = `pull "${image}"`;
  if (signal.aborted) throw cancelled(action, signal);
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(), options.silenceMs);
  const limit = AbortSignal.any([signal, silence.signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    const starting = startPull(image, options, limit);
    const stop = () => void starting.then((stream) => stream.destroy(), () => {});
    limit.addEventListener("abort", stop, { once: true });
    const stream = await unlessAborted(starting, limit);
    const progress = new Progress(options.onProgress ?? (() => {}));
    for await (const message of jsonLines(stream)) {
      watchdog.refresh();
      progress.add(message as PullMessage);
    }
  } catch (error) {
    if (signal.aborted) throw cancelled(action, signal);
    if (limit.aborted) {
      throw pullError(image, silence.signal.aborted ? "the registry stopped answering" : "it took too long", error);
    }
    if (error instanceof HoldfastError) throw error;
    const failure = engineError(action, error);
    if (failure.code === "ENGINE_UNREACHABLE" && (error as { code?: unknown }).code !== undefined) throw failure;
    throw pullError(image, engineMessage(error), error);
  } finally {
    clearTimeout(watchdog);
  }
}

async function startPull(
  image: string,
  options: PullOptions & PullContext,
  abortSignal: AbortSignal,
): Promise<Readable> {
  const registry = options.registries.find(({ host }) => host === registryOf(image));
  const login = await registry?.login(abortSignal);
  const authconfig = login && registry ? { ...login, serveraddress: registry.host } : undefined;
  const query = {
    fromImage: fullReference(image),
    ...(options.platform ? { platform: options.platform } : {}),
    abortSignal,
  };
  return await options.docker.createImage(authconfig as object, query) as Readable;
}

/** Without a tag the Engine would pull all of them. */
function fullReference(image: string): string {
  return image.includes("@") ? image : localReference(image);
}

function pullError(image: string, message: string, cause: unknown): HoldfastError {
  const known = hints.find(([pattern]) => pattern.test(message));
  return new HoldfastError("IMAGE_PULL", `Cannot pull "${image}": ${message}`, {
    // A login that is refused time and again locks an account; the Engine does not pass a registry's Retry-After on.
    retry: isDenied(message) ? "operator" : "backoff",
    ...(isRateLimit(message) ? { retryAfterMs: rateLimitMs } : {}),
    hint: known ? known[1] : `check that this host reaches the registry "${registryOf(image)}"`,
    cause,
  });
}

const rateLimitMs = 300_000;

function isRateLimit(message: string): boolean {
  return /toomanyrequests|too many requests|rate limit|\b429\b/i.test(message);
}

function isDenied(message: string): boolean {
  return /unauthorized|authentication required|no basic auth|incorrect username or password/i.test(message);
}

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /toomanyrequests|too many requests|rate limit|\b429\b/i,
    "the registry counts pulls and refuses more for now: log in (engine.registries in agent.yaml), use a mirror, or wait",
  ],
  [/manifest unknown|not found/i, "check name and tag in git, and that the image was pushed"],
  [
    /denied|unauthorized|authentication required|no basic auth/i,
    "check the name, and the registry's credentials in agent.yaml (engine.registries)",
  ],
  [/no matching manifest/i, "the image has no variant for this host: build one, or set the service's platform"],
  [/no space left/i, "free disk space below Docker's data root: docker system df"],
];

interface PullMessage {
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

/** Sums what the layers report. */
class Progress {
  readonly #layers = new Map<string, { current: number; total: number }>();
  readonly #tell: (text: string) => void;
  #told = "";

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  add({ status, id, progressDetail, error }: PullMessage): void {
    if (error !== undefined) throw new Error(error);
    const { current, total } = progressDetail ?? {};
    if (id === undefined || status !== "Downloading" || current === undefined || total === undefined) return;
    this.#layers.set(id, { current, total });
    const layers = [...this.#layers.values()];
    const sum = (part: "current" | "total") => megabytes(layers.reduce((bytes, layer) => bytes + layer[part], 0));
    const text = `${sum("current")} of ${sum("total")} MB`;
    if (text !== this.#told) this.#tell(this.#told = text);
  }
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 1e6));
}
