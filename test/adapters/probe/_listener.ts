// Listens with the shortest queue there is, and prints the port.
import { createServer } from "node:net";

const server = createServer();
server.listen(
  { port: 0, host: "127.0.0.1", backlog: 1 },
  () => console.log((server.address() as { port: number }).port),
);
