import { Agent } from "node:http";
import { inspect } from "node:util";
import type Docker from "dockerode";
import { HoldfastError } from "../../model/error.ts";
import type { EngineFacts } from "../../model/observed.ts";
import { type CallLimits, engineCall } from "./call.ts";

/** The Engine API is `1.x`; only the x is kept. */
export const oldestApi = 41;
export const newestApi = 51;

/** A negotiated Engine. */
export interface Connected {
  readonly docker: Docker;
  /** The x of API 1.x. */
  readonly api: number;
  readonly facts: EngineFacts;
}

/** docker-modem prints the options of every request for its debug log, also when nobody reads that: keep it short. */
class QuietAgent extends Agent {
  [inspect.custom](): string {
    return "Agent";
  }
}

/** One Engine behind one unix socket; connections are kept open between calls. */
export class Connection {
  readonly #socketPath: string;
  readonly #agent = new QuietAgent({ keepAlive: true });
  #connected: Promise<Connected> | undefined;

  /** @throws HoldfastError `CONFIG_INVALID` for anything but a unix socket */
  constructor(host: string) {
    this.#socketPath = socketPath(host);
  }

  /** Negotiates on first use, and again after `forget()`: the Engine behind a socket may be upgraded. */
  connect(limits: CallLimits): Promise<Connected> {
    const pending = this.#connected ??= this.#negotiate(limits.timeoutMs);
    pending.catch(() => {
      if (this.#connected === pending) this.#connected = undefined;
    });
    return engineCall("connect to the Docker Engine", limits, () => pending);
  }

  forget(): void {
    this.#connected = undefined;
  }

  /** Not bound to a caller's signal: others may wait for the same answer. */
  async #negotiate(timeoutMs: number): Promise<Connected> {
    const limits = { signal: new AbortController().signal, timeoutMs };
    const action = `connect to the Docker Engine at "unix://${this.#socketPath}"`;
    const unversioned = await this.#client();
    const version = await engineCall(
      action,
      limits,
      (abortSignal) => ask<ApiVersion>(unversioned, "version", abortSignal),
    );
    const api = negotiateApi(version);
    const docker = await this.#client(api);
    const info = await engineCall(action, limits, (abortSignal) => ask<ApiInfo>(docker, "info", abortSignal));
    const defaults = { loggingDriver: info.LoggingDriver, runtime: info.DefaultRuntime };
    const facts = {
      version: version.Version,
      apiVersion: `1.${api}`,
      os: version.Os,
      architecture: version.Arch,
      defaults,
      swapLimit: info.SwapLimit,
    };
    return { docker, api, facts };
  }

  /** `host` and `timeout` are given so that DOCKER_HOST and DOCKER_CLIENT_TIMEOUT of the environment do not count. */
  async #client(api?: number): Promise<Docker> {
    const { default: Client } = await import("dockerode"); // it costs time at the start, and not every command needs it
    return new Client({
      socketPath: this.#socketPath,
      host: undefined,
      port: undefined,
      timeout: undefined,
      protocol: "http",
      version: api === undefined ? undefined : `v1.${api}`,
      agent: this.#agent,
    } as Docker.DockerOptions);
  }
}

interface ApiVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os: string;
  readonly Arch: string;
}

interface ApiInfo {
  readonly LoggingDriver: string;
  readonly DefaultRuntime: string;
  readonly SwapLimit?: boolean;
}

/** dockerode's types know these two without options only. */
function ask<T>(docker: Docker, method: "version" | "info", abortSignal: AbortSignal): Promise<T> {
  return docker[method]({ abortSignal } as never) as unknown as Promise<T>;
}

function socketPath(host: string): string {
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (path) return path;
  throw new HoldfastError(
    "CONFIG_INVALID",
    `Cannot use the Docker Engine at "${host}": holdfast speaks to an Engine through its unix socket`,
    {
      retry: "operator",
      hint: 'set engine.host to "unix:///var/run/docker.sock" and run holdfast on the host of the Engine',
    },
  );
}

/**
 * The newest API that both sides know.
 *
 * @throws HoldfastError `ENGINE_VERSION`
 */
export function negotiateApi(version: Pick<ApiVersion, "Version" | "ApiVersion" | "MinAPIVersion">): number {
  const offered = minor(version.ApiVersion);
  const least = minor(version.MinAPIVersion ?? "1.0");
  if (offered >= oldestApi && least <= newestApi) return Math.min(offered, newestApi);
  const found = `Docker ${version.Version} speaks API ${version.MinAPIVersion ?? "1.0"} to ${version.ApiVersion}`;
  throw new HoldfastError(
    "ENGINE_VERSION",
    `Cannot use this Docker Engine: ${found}; needed is one of 1.${oldestApi} to 1.${newestApi}`,
    {
      retry: "operator",
      hint: offered < oldestApi ? "upgrade Docker to 20.10 or later" : "upgrade holdfast",
    },
  );
}

function minor(version: string): number {
  const [, major, text] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === "1" ? Number(text) : Number(major) > 1 ? Infinity : 0;
}
