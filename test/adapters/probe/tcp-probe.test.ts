import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import process from "node:process";
import { test } from "node:test";
import { tcpProbe } from "../../../src/adapters/probe/tcp-probe.ts";
import { startScript } from "../../support/child.ts";
import { removable } from "../../support/removable.ts";

const probe = tcpProbe();
const host = "127.0.0.1";
const never = new AbortController().signal;

test("connects() is true where a server waits for the client to speak", async () => {
  await using server = await listen(() => {});
  assert.equal(await probe.connects({ host, port: server.port }, 5000, never), true);
});

test("connects() is true where a server speaks first and closes", async () => {
  await using server = await listen((socket) => void socket.end("220 ready\r\n"));
  assert.equal(await probe.connects({ host, port: server.port }, 5000, never), true);
});

test("connects() is false where the connection is closed at once, as Docker's proxy does for a container that does not listen", async () => {
  await using server = await listen((socket) => void socket.destroy());
  assert.equal(await probe.connects({ host, port: server.port }, 5000, never), false);
});

test("connects() is false where nobody listens", async () => {
  const server = await listen(() => {});
  await server.dispose();
  assert.equal(await probe.connects({ host, port: server.port }, 5000, never), false);
});

test("connects() is false when nobody answers in time", async () => {
  // A listener that is stopped and whose queue is full: the kernel leaves further connections without an answer.
  const listener = startScript(new URL("_listener.ts", import.meta.url));
  const fillers: Socket[] = [];
  try {
    const [said] = await once(listener.stdout!, "data");
    const port = Number(String(said));
    process.kill(listener.pid!, "SIGSTOP"); // after kill() of the child, Deno does not let it be killed again
    for (let n = 0; n < 8; n++) fillers.push(connect({ host, port }).on("error", () => {}));
    await Promise.all(fillers.slice(0, 2).map((socket) => socket.connecting && once(socket, "connect")));
    assert.equal(await probe.connects({ host, port }, 50, never), false);
  } finally {
    for (const socket of fillers) socket.destroy();
    listener.kill("SIGKILL");
    await once(listener, "exit");
  }
});

test("connects() ends with the signal's reason", async () => {
  await using server = await listen(() => {});
  const abort = new AbortController();
  const answer = probe.connects({ host, port: server.port }, 5000, abort.signal);
  abort.abort(new Error("enough"));
  await assert.rejects(answer, /enough/);
  await assert.rejects(probe.connects({ host, port: server.port }, 5000, abort.signal), /enough/);
});

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    onConnection(socket);
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return removable({ port }, () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
}
