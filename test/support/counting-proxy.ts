import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type Removable, removable } from "./removable.ts";
import { tempFolder } from "./temp.ts";

/** One call of the Engine's API. */
export interface EngineCall {
  readonly method: string;
  /** Without the version, with the query: `/containers/json?all=true`. */
  readonly path: string;
}

export interface ProxyAnswer {
  readonly status: number;
  readonly body?: string;
}

export type CountingProxy = Removable & {
  /** Path of its own socket. */
  readonly socket: string;
  /** All since the start, or since `calls.length = 0`. */
  readonly calls: EngineCall[];
  /** Those that may change something: neither GET nor HEAD. */
  changingCalls(): EngineCall[];
  /**
   * Answers calls in the Engine's place, or cuts their connection.
   *
   * @param answer gives undefined for a call that goes through; undefined as a whole ends it
   */
  intercept(answer: ((call: EngineCall) => ProxyAnswer | "cut" | undefined) | undefined): void;
};

/** A proxy in front of an Engine's socket that records every call; streams and hijacked connections pass through. */
export async function countingProxy(engine: { readonly socket: string }): Promise<CountingProxy> {
  const folder = tempFolder("proxy");
  const socket = join(folder.path, "docker.sock");
  const agent = new Agent({ keepAlive: true });
  const calls: EngineCall[] = [];
  const sockets = new Set<Socket>();
  let answer: ((call: EngineCall) => ProxyAnswer | "cut" | undefined) | undefined;

  const record = ({ method = "", url = "" }: IncomingMessage): EngineCall => {
    const call = { method, path: url.replace(/^\/v\d+\.\d+(?=\/)/, "") };
    calls.push(call);
    return call;
  };
  const server = createServer((incoming, response) => {
    const call = record(incoming);
    const instead = answer?.(call);
    if (instead === "cut") incoming.socket.destroy();
    else if (instead) {
      response.writeHead(instead.status, { "content-type": "application/json" }).end(instead.body ?? "{}");
    } else forward(incoming, response, { socketPath: engine.socket, agent });
  });
  server.on("connection", (connection) => {
    sockets.add(connection);
    connection.once("close", () => sockets.delete(connection));
  });
  server.on("upgrade", (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    record(incoming);
    hijack(incoming, client, { socket: engine.socket, head });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  return removable({
    socket,
    calls,
    changingCalls: () => calls.filter(({ method }) => method !== "GET" && method !== "HEAD"),
    intercept: (instead: typeof answer) => void (answer = instead),
  }, async () => {
    for (const connection of sockets) connection.destroy();
    agent.destroy();
    await new Promise((resolve) => server.close(resolve));
    await folder.dispose();
  });
}

function forward(incoming: IncomingMessage, response: ServerResponse, to: { socketPath: string; agent: Agent }): void {
  const { method, url: path, headers } = incoming;
  const call = request({ ...to, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    response.flushHeaders(); // a stream of events may have none for long
    answer.pipe(response);
    answer.once("error", () => response.destroy());
  });
  call.once("error", () => response.destroy());
  response.once("close", () => call.destroy());
  incoming.pipe(call);
}

function hijack(incoming: IncomingMessage, client: Socket, { socket, head }: { socket: string; head: Buffer }): void {
  const upstream = connect(socket, () => {
    const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${value}`);
    upstream.write([`${incoming.method} ${incoming.url} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
    upstream.write(head);
    client.pipe(upstream).pipe(client);
  });
  upstream.once("error", () => client.destroy()).once("close", () => client.destroy());
  client.once("error", () => upstream.destroy()).once("close", () => upstream.destroy());
}
