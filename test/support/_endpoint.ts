import { connect, createServer, type Server, type Socket } from "node:net";

export interface Endpoint {
  readonly kind: "connect" | "listen";
  readonly host: string;
  readonly port: number;
}

/** Opens a connection or a listener in this process's own network. A connection is paused: no byte of it is read yet. */
export function openEndpoint({ kind, host, port }: Endpoint): Promise<Server | Socket> {
  return new Promise((resolve, reject) => {
    if (kind === "listen") {
      const server = createServer();
      server.once("error", reject).listen(port, host, () => resolve(server.off("error", reject)));
      return;
    }
    const socket = connect({ host, port, timeout: 10_000 }).pause();
    socket.once("error", reject);
    socket.once("timeout", () => socket.destroy(new Error(`connect ETIMEDOUT ${host}:${port}`)));
    socket.once("connect", () => resolve(socket.off("error", reject).setTimeout(0)));
  });
}
