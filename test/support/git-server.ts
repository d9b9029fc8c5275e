import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { type BackendAnswer, gitHttpBackend } from "./_git-http-backend.ts";
import type { Certificate } from "./certificates.ts";
import { type EngineNetwork, listenInEngineNetwork } from "./namespace.ts";
import { type Removable, removable } from "./removable.ts";

/** `info/refs`: the first request of any session; `ls-refs` and `fetch`: what a POST to git-upload-pack asks for. */
export type GitRequestKind = "info/refs" | "ls-refs" | "fetch" | "other";

export interface GitRequest {
  readonly kind: GitRequestKind;
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Number of the TCP connection that carried it, from 1. */
  readonly connection: number;
}

/** What the server does instead of answering: at a stage, for the next `times` requests (default: all). */
export type Misbehaviour =
  & { readonly at: "connection" | GitRequestKind; readonly times?: number }
  & (
    /** Says no more after so many bytes of the true answer; without `afterBytes` not even its headers. */
    | { readonly kind: "stall"; readonly afterBytes?: number }
    /** Ends the connection there. */
    | { readonly kind: "cut"; readonly afterBytes?: number }
    /** Answers 200 with these bytes. */
    | { readonly kind: "garbage"; readonly bytes: string | Uint8Array }
    | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
    /** @param to gives the new address for a path with its query */
    | { readonly kind: "redirect"; readonly to: (url: string) => string; readonly status?: number }
  );

export interface GitServerOptions {
  /** Folder of bare repositories: `createRepository()`'s `root`. */
  readonly root: string;
  /** Where it listens; default: this process's own network. */
  readonly network?: EngineNetwork;
  /** Serves https. */
  readonly tls?: Certificate;
  /** HTTP basic auth; any other is answered 401. */
  readonly login?: { readonly username: string; readonly password: string };
}

export type GitServer = Removable & {
  /** `http://127.0.0.1:PORT`; a repository is `${url}/NAME.git`. */
  readonly url: string;
  readonly port: number;
  /** All since the start, or since `requests.length = 0`. */
  readonly requests: GitRequest[];
  count(kind: GitRequestKind): number;
  /** TCP connections accepted so far. */
  connections(): number;
  /** undefined: well again; what stalls already goes on stalling. */
  misbehave(how: Misbehaviour | undefined): void;
};

/** A real git server: `git http-backend` behind Node's HTTP server, which can be made to fail at each stage. */
export async function gitServer(options: GitServerOptions): Promise<GitServer> {
  const sockets = new Set<Socket>();
  const numbers = new WeakMap<Socket, number>();
  const requests: GitRequest[] = [];
  let accepted = 0;
  let fault: Misbehaviour | undefined;
  let left = Infinity;

  const faultAt = (stage: Misbehaviour["at"]): Misbehaviour | undefined => {
    if (fault?.at !== stage || left <= 0) return undefined;
    left--;
    return fault;
  };
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const kind = kindOf(request, body);
    const { method = "", url = "", headers, socket } = request;
    requests.push({ kind, method, url, headers, connection: numbers.get(rawSocket(socket)) ?? 0 });
    if (options.login && headers.authorization !== basic(options.login)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
      return;
    }
    const how = faultAt(kind);
    if (how && await misbehave(how, response, url)) return;
    const answer = await gitHttpBackend({ root: options.root, request, body, user: options.login?.username });
    send(answer, response, how);
  };
  const http = options.tls ? createTlsServer(options.tls) : createServer();
  http.on("request", (request, response) => {
    onRequest(request, response).catch((error) => response.writableEnded || response.writeHead(500).end(String(error)));
  });
  const listener = await listenInEngineNetwork(options.network ?? {});
  listener.on("connection", (socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.once("close", () => sockets.delete(socket));
    numbers.set(socket, ++accepted);
    const how = faultAt("connection");
    if (how?.kind === "stall") return;
    if (how) socket.destroy();
    else http.emit("connection", socket);
  });
  const { port } = listener.address() as AddressInfo;
  return removable({
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    requests,
    count: (kind: GitRequestKind) => requests.filter((request) => request.kind === kind).length,
    connections: () => accepted,
    misbehave: (how: Misbehaviour | undefined) => {
      fault = how;
      left = how?.times ?? Infinity;
    },
  }, () => close(listener, sockets));
}

function close(listener: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => listener.close(() => resolve()));
}

/** A TLS socket stands on the accepted one. */
function rawSocket(socket: Socket): Socket {
  return (socket as Socket & { _parent?: Socket })._parent ?? socket;
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function kindOf({ url = "", headers }: IncomingMessage, body: Buffer): GitRequestKind {
  if (url.includes("/info/refs")) return "info/refs";
  if (!url.includes("/git-upload-pack")) return "other";
  const text = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return text.subarray(0, 100).includes("command=ls-refs") ? "ls-refs" : "fetch";
}

/** @returns false when the true answer is wanted first */
async function misbehave(how: Misbehaviour, response: ServerResponse, url: string): Promise<boolean> {
  switch (how.kind) {
    case "stall":
      return how.afterBytes === undefined;
    case "cut":
      if (how.afterBytes === undefined) response.destroy();
      return how.afterBytes === undefined;
    case "garbage":
      response.writeHead(200, { "content-type": contentType(how.at) }).end(how.bytes);
      return true;
    case "status":
      response.writeHead(how.status, how.headers).end(how.body ?? "");
      return true;
    case "redirect":
      response.writeHead(how.status ?? 302, { location: how.to(url) }).end();
      return true;
  }
}

function contentType(at: Misbehaviour["at"]): string {
  return `application/x-git-upload-pack-${at === "info/refs" ? "advertisement" : "result"}`;
}

function send({ status, headers, body }: BackendAnswer, response: ServerResponse, how: Misbehaviour | undefined): void {
  response.writeHead(status, { ...headers, "content-length": body.length });
  if (how?.kind !== "stall" && how?.kind !== "cut") return void response.end(body);
  response.write(body.subarray(0, how.afterBytes), () => how.kind === "cut" && response.destroy());
}
