import type { Engine } from "../../ports/engine.ts";
import { Caller } from "./caller.ts";
import { Connection } from "./connection.ts";
import { containerCalls } from "./container-calls.ts";
import { readEvents } from "./events.ts";
import { ImageCatalog } from "./images.ts";
import { Inspections } from "./inspections.ts";
import { snapshotCalls } from "./look-ups.ts";
import { pullImage, type Registry } from "./pull.ts";
import { resourceCalls } from "./resource-calls.ts";
import { takeSnapshot } from "./snapshot.ts";
import { EventHub } from "./watch.ts";

export interface DockerEngineOptions {
  /** `unix:///var/run/docker.sock` */
  readonly host: string;
  readonly timeouts?: Partial<EngineTimeouts>;
  /** Credentials for pulls. */
  readonly registries?: readonly Registry[];
}

export interface EngineTimeouts {
  /** Of every call but a pull; a stop has its grace period on top. */
  readonly callMs: number;
  /** A pull ends when the Engine says nothing for so long. */
  readonly pullSilenceMs: number;
  readonly pullMs: number;
}

const defaultTimeouts: EngineTimeouts = { callMs: 60_000, pullSilenceMs: 300_000, pullMs: 3_600_000 };

/**
 * The Docker Engine behind a unix socket, API 1.41 to 1.51. Connects on the first call.
 *
 * @throws HoldfastError `CONFIG_INVALID` when the host is not a unix socket
 */
export function dockerEngine(options: DockerEngineOptions): Engine {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const caller = new Caller(new Connection(options.host), timeouts.callMs);
  const inspections = new Inspections();
  const images = new ImageCatalog();
  const connectAnew = async (signal: AbortSignal) => (await caller.reconnect(signal)).docker;
  const events = new EventHub(inspections, (listener, signal) => readEvents(connectAnew, listener, signal));

  return {
    ...containerCalls(caller),
    ...resourceCalls(caller),
    async observe(scope, signal) {
      const { facts } = await caller.connect(signal);
      const snapshot = await takeSnapshot(scope, snapshotCalls(caller, signal), { inspections, images });
      caller.remember(snapshot.containers);
      events.observed(scope, snapshot);
      return { engine: facts, ...snapshot };
    },
    async pullImage(image, pull, signal) {
      const { docker } = await caller.connect(signal);
      const limits = { silenceMs: timeouts.pullSilenceMs, timeoutMs: timeouts.pullMs };
      await pullImage(image, { ...pull, ...limits, docker, registries: options.registries ?? [] }, signal);
    },
    watch: (project, onChange, signal) => events.watch(project, onChange, signal),
  };
}
