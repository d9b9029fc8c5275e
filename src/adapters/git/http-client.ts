import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import * as tls from "node:tls";
import { cancelled, protocolError, throwIfCancelled } from "./errors.ts";
import type { GitTimeouts } from "./limits.ts";
import { networkError, networkHint, type PeerCertificate, timedOut, unreachable } from "./network-errors.ts";

const drainedBytes = 64 * 1024;
/** Of "wait a moment" (1xx) before the answer: servers send one at most. */
const maxInterim = 16;

export interface HttpClient {
  /**
   * Sends one request and waits for the head of its answer. The body must be read to its end or closed.
   *
   * @throws HoldfastError `SOURCE_UNREACHABLE`, `CANCELLED`
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Closes kept connections. */
  close(): void;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** @throws HoldfastError `SOURCE_UNREACHABLE`, `CANCELLED` */
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads a small rest, so that the connection can be used again, or cuts a long one. */
  drain(): Promise<void>;
}

/**
 * HTTP with kept connections and a time limit for every stage. Redirects are the caller's.
 *
 * @param options.shown the repository as errors name it
 * @param options.ca PEM of the only authorities to trust; undefined trusts those of this host and of the runtime
 */
export function httpClient(options: { shown: string; timeouts: GitTimeouts; ca?: string }): HttpClient {
  const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": undefined as https.Agent | undefined };
  const agentFor = (url: URL) => {
    if (url.protocol !== "https:") return agents["http:"];
    // said aloud: NODE_TLS_REJECT_UNAUTHORIZED in the environment must not switch it off
    const trust = { rejectUnauthorized: true, ca: options.ca ?? trustedAuthorities() };
    return agents["https:"] ??= new https.Agent({ keepAlive: true, ...trust });
  };
  return {
    async send(request, signal) {
      throwIfCancelled(signal);
      const attempt = () => new Exchange({ ...options, request, agent: agentFor(request.url) }, signal).answer;
      try {
        return await attempt();
      } catch (error) {
        // The server may close a kept connection at the moment it is used again: that says nothing about the server.
        if (error instanceof StaleConnection) return await attempt();
        throw error;
      }
    },
    close() {
      agents["http:"].destroy();
      agents["https:"]?.destroy();
    },
  };
}

class StaleConnection extends Error {}

interface ExchangeOptions {
  readonly shown: string;
  readonly timeouts: GitTimeouts;
  readonly request: HttpRequest;
  readonly agent: http.Agent;
}

/** One request and its answer, under one timer that each stage sets anew. */
class Exchange {
  readonly answer: Promise<HttpAnswer>;
  private readonly options: ExchangeOptions;
  private readonly signal: AbortSignal;
  private readonly outgoing: http.ClientRequest;
  private incoming: http.IncomingMessage | undefined;
  private certificate: PeerCertificate | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: ExchangeOptions, signal: AbortSignal) {
    this.options = options;
    this.signal = signal;
    const { request, agent, shown } = options;
    const { request: send } = request.url.protocol === "https:" ? https : http;
    const headers = {
      ...request.headers,
      ...(request.body ? { "content-length": Buffer.byteLength(request.body) } : {}),
    };
    this.outgoing = send(request.url, { method: request.method, headers, agent });
    signal.addEventListener("abort", this.cancel, { once: true });
    this.answer = new Promise((resolve, reject) => {
      this.outgoing.on("socket", (socket) => this.watch(socket));
      this.outgoing.on("response", (incoming) => {
        this.incoming = incoming;
        this.clearTimer();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: this.body(incoming),
          drain: () => this.drain(incoming),
        });
      });
      let interim = 0;
      this.outgoing.on("information", ({ statusCode }) => {
        if (++interim > maxInterim) this.destroy(protocolError(shown, `it answers ${statusCode} without end`));
      });
      this.outgoing.on("upgrade", (_, socket) => { // without a listener nothing at all would be said of it
        socket.destroy();
        this.finish();
        reject(protocolError(shown, "the server answers 101 (Switching Protocols) to a plain question"));
      });
      // the last word: whatever becomes of an exchange, it is told
      this.outgoing.on("close", () => {
        if (this.incoming) return;
        this.finish();
        reject(unreachable(shown, "the connection was closed before an answer came", { hint: networkHint }));
      });
      this.outgoing.on("error", (error: NodeJS.ErrnoException) => {
        this.finish();
        const stale = this.outgoing.reusedSocket && !this.incoming &&
          (error.code === "ECONNRESET" || error.code === "EPIPE");
        reject(stale ? new StaleConnection() : this.explain(error));
      });
    });
    this.outgoing.end(request.body);
  }

  private readonly cancel = () => this.destroy(cancelled(this.signal));

  private destroy(error: Error): void {
    (this.incoming ?? this.outgoing).destroy(error);
  }

  private explain(error: unknown) {
    if (this.signal.aborted) return cancelled(this.signal);
    const { request, shown } = this.options;
    return networkError(error, { shown, host: request.url.host, certificate: this.certificate });
  }

  private watch(socket: Socket): void {
    const { connectMs, headersMs } = this.options.timeouts;
    const connected = () => this.limit(headersMs, "no answer came");
    if (!socket.connecting) return connected();
    const secure = socket instanceof tls.TLSSocket;
    this.limit(connectMs, secure ? "no connection with TLS came about" : "no connection came about");
    socket.once(secure ? "secureConnect" : "connect", connected);
    // "secure" comes before the certificate is judged: a refused one can still be described.
    if (secure) socket.prependOnceListener("secure", () => this.certificate = describeCertificate(socket));
  }

  private limit(ms: number, stage: string): void {
    this.clearTimer();
    this.timer = setTimeout(() => this.destroy(timedOut(this.options.shown, stage, ms)), ms);
  }

  private clearTimer(): void {
    clearTimeout(this.timer);
  }

  private finish(): void {
    this.clearTimer();
    this.signal.removeEventListener("abort", this.cancel);
  }

  private async *body(incoming: http.IncomingMessage): AsyncGenerator<Uint8Array> {
    const pieces = incoming[Symbol.asyncIterator]();
    let ended = false;
    try {
      for (;;) {
        this.limit(this.options.timeouts.bodyIdleMs, "nothing more of the answer came");
        const piece = await pieces.next();
        this.clearTimer();
        if (piece.done) break;
        yield piece.value;
      }
      ended = true;
    } catch (error) {
      throw this.explain(error);
    } finally {
      this.finish();
      if (!ended) incoming.destroy();
    }
  }

  private async drain(incoming: http.IncomingMessage): Promise<void> {
    let left = drainedBytes;
    for await (const piece of this.body(incoming)) {
      left -= piece.length;
      if (left < 0) return;
    }
  }
}

function describeCertificate(socket: tls.TLSSocket): PeerCertificate | undefined {
  const certificate = socket.getPeerCertificate();
  if (!certificate?.valid_to) return undefined;
  const names = (certificate.subjectaltname ?? String(certificate.subject?.CN ?? "")).replace(/(DNS|IP Address):/g, "");
  return { names, validFrom: certificate.valid_from, validTo: certificate.valid_to };
}

let authorities: string[] | undefined;

/** The runtime's own list and this host's, where administrators add theirs. */
function trustedAuthorities(): string[] {
  return authorities ??= [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
}
