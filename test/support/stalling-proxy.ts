import type { AddressInfo, Socket } from "node:net";
import { connectInEngineNetwork, type EngineNetwork, listenInEngineNetwork } from "./namespace.ts";
import { type Removable, removable } from "./removable.ts";

export interface StallingProxy extends Removable {
  /** `127.0.0.1:5000`, in the Engine's network. */
  readonly host: string;
  /** How many connections have fallen silent. */
  readonly stalled: number;
}

/** A TCP proxy in the Engine's network whose connections fall silent, without an end, after so many bytes of answers. */
export async function stallingProxy(
  network: EngineNetwork,
  { upstream, afterBytes }: { readonly upstream: string; readonly afterBytes: number },
): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  const [address = "", port] = upstream.split(":");
  let stalled = 0;
  const listener = await listenInEngineNetwork(network);
  listener.on("connection", async (client) => {
    sockets.add(client);
    client.on("error", () => {}).once("close", () => sockets.delete(client));
    const server = await connectInEngineNetwork(network, { host: address, port: Number(port) });
    server.on("error", () => {});
    client.once("close", () => server.destroy());
    client.pipe(server);
    let passed = 0;
    server.on("data", (bytes) => {
      passed += bytes.length;
      if (passed <= afterBytes) return void client.write(bytes);
      server.pause();
      stalled++;
    });
  });
  const proxy = {
    host: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get stalled() {
      return stalled;
    },
  };
  return removable(proxy, async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => listener.close(resolve));
  });
}
