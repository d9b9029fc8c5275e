import type { TestEngine } from "../test/support/engine.ts";
import { privateEngine } from "../test/support/private-engine.ts";
import type { Lane } from "./_suites.ts";

/** The Engines of a run: as root a private one for each lane that asks, which ends with this process. */
export class SuiteEngines {
  readonly #started = new Map<Lane, Promise<TestEngine>>();

  /** Without root, or with an Engine that was given, there is one for all: its suites run one after the other. */
  static readonly areOne = process.env["HOLDFAST_TEST_ENGINE"] !== undefined || process.getuid?.() !== 0;

  /** @returns undefined where each file finds the one that runs */
  async of(lane: Lane): Promise<TestEngine | undefined> {
    if (SuiteEngines.areOne) return undefined;
    const engine = this.#started.get(lane) ?? privateEngine(lane === "engine" ? "suites" : "suites2");
    this.#started.set(lane, engine);
    return await engine;
  }

  async dispose(): Promise<void> {
    const started = await Promise.allSettled(this.#started.values());
    await Promise.all(started.map(async (each) => each.status === "fulfilled" && await each.value.dispose()));
  }
}
