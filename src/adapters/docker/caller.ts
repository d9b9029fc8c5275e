import type Docker from "dockerode";
import { HoldfastError } from "../../model/error.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import { engineCall } from "./call.ts";
import type { Connected, Connection } from "./connection.ts";

/** What an Engine waits when neither the call nor the container says. */
const engineGraceSeconds = 10;

interface CallOptions {
  readonly signal: AbortSignal;
  /** On top of the usual time limit. */
  readonly moreMs?: number;
}

/** Makes calls on the negotiated Engine, each with its time limit, and knows containers by name for its errors. */
export class Caller {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  #known: ReadonlyMap<string, ObservedContainer> = new Map();

  constructor(connection: Connection, timeoutMs: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  connect(signal: AbortSignal): Promise<Connected> {
    return this.#connection.connect({ signal, timeoutMs: this.#timeoutMs });
  }

  /** Negotiates anew: an Engine that broke a connection may have been upgraded. */
  reconnect(signal: AbortSignal): Promise<Connected> {
    this.#connection.forget();
    return this.connect(signal);
  }

  /** @param action what cannot be done if it fails: `create volume "data"` */
  async call<T>(
    action: string,
    options: CallOptions,
    work: (connected: Connected, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal, moreMs = 0 } = options;
    const connected = await this.connect(signal);
    const limits = { signal, timeoutMs: this.#timeoutMs + moreMs };
    try {
      return await engineCall(action, limits, (abortSignal) => work(connected, abortSignal));
    } catch (error) {
      if (error instanceof HoldfastError && error.code === "ENGINE_UNREACHABLE") this.#connection.forget();
      throw error;
    }
  }

  /** @param action with `%` for the container: `start %` */
  onContainer<T>(
    [action, id]: readonly [action: string, id: string],
    options: CallOptions,
    work: (container: Docker.Container, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.call(
      action.replace("%", () => this.nameOf(id)),
      options,
      ({ docker }, abortSignal) => work(docker.getContainer(id), abortSignal),
    );
  }

  /** What the last snapshot saw. */
  remember(containers: readonly ObservedContainer[]): void {
    this.#known = new Map(containers.map((container) => [container.id, container]));
  }

  /** `container "web"`, or its short id for one that the last snapshot did not see. */
  nameOf(id: string): string {
    const known = this.#known.get(id);
    return known ? `container "${known.name}"` : `container ${shortId(id)}`;
  }

  /** How long the Engine takes at most to stop a container, beyond a call's usual time. */
  graceMs(id: string, graceSeconds: number | undefined): number {
    return 1000 * (graceSeconds ?? this.#known.get(id)?.spec.stopGraceSeconds ?? engineGraceSeconds);
  }
}

/** An id in the 12 digits that people know; a name as it is. */
export function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
