import { once } from "node:events";
import { createInterface } from "node:readline";
import type { EngineNetwork } from "../../test/support/namespace.ts";
import { spawnInEngineNetwork } from "../../test/support/namespace.ts";
import { type Removable, removable } from "../../test/support/removable.ts";

/** `holdfast run`, as systemd would start it. */
export interface Agent extends Removable {
  /** Everything it has written so far, line by line. */
  readonly journal: readonly string[];
  /** Resolves when it has ended, with what ended it. */
  readonly ended: Promise<string>;
}

/**
 * Starts the binary with nothing in its environment, so that no git, gpg or docker could be found by it.
 *
 * @param onLine gets each line of its journal
 */
export function startAgent(
  { network, binary, config, options = [] }: {
    readonly network: EngineNetwork;
    readonly binary: string;
    readonly config: string;
    /** More of `holdfast run`. */
    readonly options?: readonly string[];
  },
  onLine: (line: string) => void,
): Agent {
  const child = spawnInEngineNetwork(network, ["/usr/bin/env", "-i", binary, "run", "--config", config, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a Ctrl-C in the terminal is the demo's: it ends the agent in order
  });
  const journal: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (line) => {
      journal.push(line);
      onLine(line);
    });
  }
  const ended = once(child, "exit").then(
    ([code, signal]) => `the agent ended with ${code ?? signal}`,
    (error) => `the agent could not be started: ${error.message}`,
  );
  const dispose = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(late);
  };
  return removable({ journal, ended }, dispose, () => child.kill("SIGKILL"));
}
