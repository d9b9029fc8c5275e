import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ApiEvent } from "./api.ts";
import { jsonLines } from "./json-lines.ts";

/** What the stream tells its listeners. */
export interface EventListener {
  /** The stream is up; everything before it may have been missed. */
  readonly onOpen: () => void;
  readonly onEvent: (event: ApiEvent) => void;
  /** The stream broke; from here on events are missed until `onOpen`. */
  readonly onBreak: () => void;
}

/** Health checks run commands all the time (`exec_*`): only these actions change what is observed. */
const actions = [
  "create",
  "start",
  "restart",
  "stop",
  "die",
  "kill",
  "oom",
  "pause",
  "unpause",
  "rename",
  "update",
  "destroy",
  "remove",
  "health_status",
  "connect",
  "disconnect",
  "tag",
  "untag",
  "delete",
  "pull",
  "import",
  "load",
];

const shortestDelayMs = 100;
const longestDelayMs = 10_000;

/**
 * Reads the Engine's events until the signal, reconnecting with backoff. The Engine keeps few old events and tells of no
 * loss, so every new connection counts as a gap.
 *
 * @param connect gives a negotiated client, or throws while the Engine is down
 */
export async function readEvents(
  connect: (signal: AbortSignal) => Promise<Docker>,
  listener: EventListener,
  signal: AbortSignal,
): Promise<void> {
  let delayMs = shortestDelayMs;
  while (!signal.aborted) {
    let open = false;
    try {
      const stream = await openStream(await connect(signal), signal);
      open = true;
      delayMs = shortestDelayMs;
      listener.onOpen();
      for await (const event of jsonLines(stream)) listener.onEvent(event as ApiEvent);
    } catch {
      // Whatever ended the stream, the next connection tells whether the Engine is there.
    }
    if (signal.aborted) return;
    if (open) listener.onBreak();
    await sleep(delayMs * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }
}

async function openStream(docker: Docker, signal: AbortSignal): Promise<Readable> {
  const filters = { type: ["container", "network", "volume", "image"], event: actions };
  const stream = await docker.getEvents({ filters, abortSignal: signal } as Docker.GetEventsOptions) as Readable;
  signal.addEventListener("abort", () => stream.destroy(), { once: true });
  return stream;
}
