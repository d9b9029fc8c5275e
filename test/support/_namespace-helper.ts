// Opens one connection or listener where it was started, passes it to the parent, and ends.
import { connect, createServer } from "node:net";

const { kind, host, port } = JSON.parse(process.argv[2]!) as { kind: "connect" | "listen"; host: string; port: number };
const fail = (error: Error): void => void process.send!({ error: error.message });

process.once("message", () => process.disconnect());
if (kind === "listen") {
  const server = createServer();
  server.once("error", fail).listen(port, host, () => process.send!({}, server));
} else {
  // Paused, so that no byte of a server that speaks first is read here.
  const socket = connect({ host, port, timeout: 10_000 });
  socket.pause();
  socket.once("error", fail);
  socket.once("timeout", () => socket.destroy(new Error(`connect ETIMEDOUT ${host}:${port}`)));
  socket.once("connect", () => process.send!({}, socket));
}
