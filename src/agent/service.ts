import type { Supervisor } from "../ports/supervisor.ts";
import { renderSummary } from "../report/summary-text.ts";
import type { Deployment } from "./deployment.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type LoopAccess, runDeployment } from "./loop.ts";
import { Passes } from "./passes.ts";
import { Wake } from "./wake.ts";
import { watchedPorts } from "./watched-ports.ts";

/** Waits are cut so that each leaves time for two more before the watchdog bites. */
const slicesOfWatchdog = 3;

/** The loops of all deployments of this host, with the supervisor that watches over them. */
export class Service {
  readonly #deployments: readonly Deployment[];
  readonly #supervisor: Supervisor;
  /** By deployment, in agent.yaml's order. */
  readonly loops: ReadonlyMap<string, LoopAccess>;

  constructor(deployments: readonly Deployment[], supervisor: Supervisor) {
    this.#deployments = deployments;
    this.#supervisor = supervisor;
    const access = () => ({ wake: new Wake(), passes: new Passes(() => this.#tellStatus()) });
    this.loops = new Map(deployments.map(({ config }) => [config.name, access()]));
  }

  /**
   * Ends with the signal, when each loop has finished its call under way; a defect in one ends them all.
   *
   * @throws what the defect threw
   */
  async run(signal: AbortSignal): Promise<void> {
    const defect = new AbortController();
    const ending = AbortSignal.any([signal, defect.signal]);
    const heartbeat = new Heartbeat(this.#supervisor, [...this.loops.keys()]);
    const running = this.#deployments.map((deployment) => this.#runLoop(deployment, heartbeat, ending));
    this.#supervisor.ready();
    ending.addEventListener("abort", () => void this.#supervisor.stopping(), { once: true });
    await Promise.all(running.map((loop) => loop.catch((thrown: unknown) => defect.abort(thrown))));
    await this.#supervisor.stopping();
    if (!signal.aborted) throw defect.signal.reason;
  }

  async #runLoop(deployment: Deployment, heartbeat: Heartbeat, signal: AbortSignal): Promise<void> {
    const { watchdogMs } = this.#supervisor;
    const ports = watchdogMs === undefined ? deployment.ports : watchedPorts(deployment.ports, {
      sliceMs: watchdogMs / slicesOfWatchdog,
      beat: () => heartbeat.beat(deployment.config.name),
    });
    await runDeployment({ ...deployment, ports }, this.loops.get(deployment.config.name)!, signal);
  }

  #tellStatus(): void {
    const summaries = [...this.loops.values()].flatMap(({ passes }) => passes.last ? [renderSummary(passes.last)] : []);
    this.#supervisor.status(summaries.map(({ text }) => text).join("; ").slice(0, 500));
  }
}
