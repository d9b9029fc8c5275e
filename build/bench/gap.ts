import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type EngineNetwork, spawnInEngineNetwork } from "../../test/support/namespace.ts";

/** What clients of a published port saw. */
export interface Gap {
  /** From the first connection that failed to the first after the last that failed; 0 when none did. */
  readonly gapMs: number;
  readonly failed: number;
  readonly asked: number;
  /** Of the last answer. */
  readonly body: string;
}

const script = fileURLToPath(new URL("./_gap-probe.ts", import.meta.url));

/**
 * Asks a published port on new connections, each 5 ms, while `work` goes on, and until it has answered for a while again.
 *
 * @param network the Engine's, where its ports answer
 */
export async function gapDuring<Worked>(
  network: EngineNetwork,
  port: number,
  work: () => Promise<Worked>,
): Promise<{ readonly worked: Worked; readonly gap: Gap }> {
  const child = spawnInEngineNetwork(network, [process.execPath, script, String(port)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    timeout: 150_000,
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The probe of port ${port} ended with ${code}`);
  });
  ended.catch(() => {}); // the one that loses the race
  try {
    await Promise.race([once(child, "message"), ended]);
    const worked = await work();
    const told = once(child, "message");
    child.send("stop");
    const [gap] = await Promise.race([told, ended]);
    return { worked, gap: gap as Gap };
  } finally {
    child.kill("SIGKILL");
  }
}
