// Opens one endpoint in the network where it was started, passes it to the parent, and ends.
import { Server } from "node:net";
import { openEndpoint } from "./_endpoint.ts";

try {
  const endpoint = await openEndpoint(JSON.parse(process.argv[2]!));
  process.once("message", () => {
    if (endpoint instanceof Server) endpoint.close();
    process.disconnect();
  });
  process.send!({}, endpoint);
} catch (error) {
  process.once("message", () => process.disconnect());
  process.send!({ error: (error as Error).message });
}
