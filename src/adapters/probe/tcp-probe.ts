import { connect } from "node:net";
import type { Probe } from "../../ports/probe.ts";

/**
 * How long an accepted connection must stay open. Docker's userland proxy accepts for a container that does not listen,
 * and closes at once.
 */
const settleMs = 200;

/** Looks at published ports over TCP. */
export function tcpProbe(): Pick<Probe, "connects"> {
  return {
    connects({ host, port }, timeoutMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const socket = connect({ host, port });
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          socket.destroy();
          settle();
        };
        const onAbort = () => finish(() => reject(signal.reason));
        const closed = () => finish(() => resolve(false));
        let timer = setTimeout(closed, timeoutMs);
        signal.addEventListener("abort", onAbort, { once: true });
        socket.on("error", closed);
        socket.on("connect", () => {
          clearTimeout(timer);
          timer = setTimeout(() => finish(() => resolve(true)), settleMs);
        });
        socket.on("end", closed);
        // A server that speaks first is there; reading is also what lets the end of the connection be seen.
        socket.on("data", () => finish(() => resolve(true)));
      });
    },
  };
}
