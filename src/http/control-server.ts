import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import type { ControlledAgent } from "../agent/control.ts";
import { asHoldfastError, HoldfastError } from "../model/error.ts";
import { type Answer, controlAnswer, errorAnswer } from "./control-answers.ts";

/** No request needs a body. */
const maxBodyBytes = 4096;
const maxConnections = 64;
/** Until a request has arrived as a whole. */
const requestMs = 5_000;

export interface ControlServer {
  /** Ends what is under way and removes the socket. */
  close(): Promise<void>;
}

/**
 * Answers on a unix socket that only the agent's own user may open. One that an agent left behind is replaced.
 *
 * @param path absolute; its folder is made, 0700, where it is missing
 * @throws HoldfastError `RUNTIME_FOLDER` when the socket cannot be made, or another agent listens there
 */
export async function listenControl(path: string, agent: ControlledAgent): Promise<ControlServer> {
  const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs, maxHeaderSize: 8192 });
  server.maxConnections = maxConnections;
  server.on("request", (request, response) => void serve(agent, request, response));
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (await isAnswered(path)) throw new Error("another agent listens there");
    await listen(server, path);
  } catch (cause) {
    server.close();
    throw new HoldfastError("RUNTIME_FOLDER", `Cannot open the control socket "${path}": ${(cause as Error).message}`, {
      retry: "operator",
      hint: 'give each agent a "runtime" folder of its own that it may write, with a path of less than 90 characters',
      cause,
    });
  }
  return {
    async close() {
      await rm(path, { force: true });
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The socket appears under its name only with its permissions; a stale one gives way in the same moment. */
async function listen(server: Server, path: string): Promise<void> {
  const temporary = join(dirname(path), ".socket.tmp");
  await rm(temporary, { force: true });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(temporary, resolve));
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function serve(agent: ControlledAgent, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort(askerGone));
  const { status, body, allow } = await answerTo(agent, request, gone.signal);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    connection: "close",
    ...(allow ? { allow } : {}),
  });
  response.end(body);
}

async function answerTo(agent: ControlledAgent, request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  try {
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return errorAnswer(413, tooMuch);
    }
    return await controlAnswer(agent, { method: request.method ?? "", url: request.url ?? "", signal });
  } catch (thrown) {
    const error = asHoldfastError(thrown);
    return errorAnswer(statusOf(error), error);
  }
}

const askerGone = new HoldfastError("CANCELLED", "Cannot answer: whoever asked has gone", {
  retry: "operator",
  hint: "ask again",
});

const tooMuch = new HoldfastError("USAGE", `Cannot answer: the request has more than ${maxBodyBytes} bytes`, {
  retry: "operator",
  hint: "send it without a body",
});

function statusOf({ code }: HoldfastError): number {
  return code === "USAGE" ? 404 : code === "CANCELLED" ? 503 : 500;
}
