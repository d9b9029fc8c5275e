import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import type { Server, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { type Endpoint, openEndpoint } from "./_endpoint.ts";

/** The network in which an Engine runs, and its published ports answer. */
export interface EngineNetwork {
  /** File of a network namespace, for `nsenter --net=`; undefined: this process's own network. */
  readonly netns?: string;
}

const helper = fileURLToPath(new URL("./_namespace-helper.ts", import.meta.url));

/** Starts a program in the Engine's network. Its pid is the program's own: nsenter replaces itself. */
export function spawnInEngineNetwork(
  network: EngineNetwork,
  [command, ...args]: readonly [string, ...string[]],
  options: SpawnOptions = {},
): ChildProcess {
  if (network.netns === undefined) return spawn(command, args, options);
  return spawn("nsenter", [`--net=${network.netns}`, "--", command, ...args], options);
}

/**
 * Opens a TCP connection in the Engine's network.
 *
 * @throws Error such as `connect ECONNREFUSED 127.0.0.1:8080`
 */
export async function connectInEngineNetwork(
  network: EngineNetwork,
  address: { readonly host: string; readonly port: number },
): Promise<Socket> {
  return await open(network, { kind: "connect", ...address }) as Socket;
}

/** Opens a listener in the Engine's network, for a server in this process: `http.createServer(…).listen(listener)`. */
export async function listenInEngineNetwork(
  network: EngineNetwork,
  address: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 },
): Promise<Server> {
  return await open(network, { kind: "listen", ...address }) as Server;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** GETs a plain http URL in the Engine's network. */
export async function getInEngineNetwork(network: EngineNetwork, url: string): Promise<HttpAnswer> {
  const { hostname: host, port } = new URL(url);
  const socket = network.netns === undefined
    ? undefined
    : await connectInEngineNetwork(network, { host, port: Number(port || 80) });
  try {
    const call = request(url, { timeout: 10_000, ...(socket ? { createConnection: () => socket } : { agent: false }) });
    call.on("timeout", () => call.destroy(new Error(`No answer from ${url}`))).end();
    const [answer] = await once(call, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() };
  } finally {
    socket?.destroy();
  }
}

/**
 * What the helper opens there is passed here as a file descriptor: a socket stays in the network it was made in,
 * whichever process holds it.
 */
async function open(network: EngineNetwork, endpoint: Endpoint): Promise<Server | Socket> {
  if (network.netns === undefined) return await openEndpoint(endpoint);
  const child = spawnInEngineNetwork(network, [process.execPath, helper, JSON.stringify(endpoint)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    timeout: 20_000,
  });
  const ended = once(child, "exit");
  const [message, handle] = await Promise.race([
    once(child, "message"),
    ended.then(([code]) => [{ error: `the helper ended with ${code}` }, undefined]),
  ]);
  if (child.connected) child.send("received", () => {});
  // Until it has ended, the helper too would accept connections of a listener.
  await ended;
  if (handle === undefined) throw new Error(message.error);
  return handle;
}
