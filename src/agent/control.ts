import { HoldfastError } from "../model/error.ts";
import { type PublishedPlan, type PublishedReport, publishReport } from "../report/published.ts";
import type { HostStatus, RunningAgent, Status } from "../report/status.ts";
import type { Deployment } from "./deployment.ts";
import type { LoopAccess } from "./loop.ts";
import { readStatus } from "./status.ts";
import { readStatusText, statusAfter } from "./status-record.ts";

/** What others may ask of the running agent. Each throws HoldfastError `USAGE` for an unknown deployment. */
export interface ControlledAgent {
  status(): Promise<HostStatus>;
  /** Of the last pass that had something to say, of one deployment or of each; none before the first pass has ended. */
  reports(deployment: string | undefined): readonly PublishedReport[];
  /** Asks for a pass now, of one deployment or of each. */
  sync(deployment: string | undefined): Woken;
  /** What a pass would do now, of one deployment or of each: one question after the other. */
  plan(asked: PlanQuestion, signal: AbortSignal): Promise<readonly PublishedPlan[]>;
}

export interface PlanQuestion {
  /** Each when absent. */
  readonly deployment?: string | undefined;
  /** The lines number the steps and tell what each waits for. */
  readonly steps: boolean;
}

export interface Woken {
  /** Names, in agent.yaml's order. */
  readonly deployments: readonly string[];
  /** Of the passes that follow, in the same order; never rejects. */
  readonly reports: Promise<readonly PublishedReport[]>;
}

export interface ControlOptions {
  readonly deployments: readonly Deployment[];
  /** By deployment, in agent.yaml's order. */
  readonly loops: ReadonlyMap<string, LoopAccess>;
  readonly running: RunningAgent;
  /** Plans beside the loops, for deployments that exist. */
  readonly plan: ControlledAgent["plan"];
}

/** The loops of the service as the control socket sees them. */
export function controlledAgent({ deployments, loops, running, plan }: ControlOptions): ControlledAgent {
  let planning: Promise<unknown> = Promise.resolve();
  return {
    async status() {
      const statuses = deployments.map((deployment) => statusOf(deployment, loops.get(deployment.config.name)!));
      return { agent: running, deployments: await Promise.all(statuses) };
    },
    reports: (deployment) =>
      chosen(loops, deployment).flatMap(({ passes }) =>
        passes.lastWithNews ? [publishReport(passes.lastWithNews)] : []
      ),
    sync(deployment) {
      const woken = chosen(loops, deployment);
      const reports = woken.map(async ({ wake, passes }) => {
        const { next } = passes; // of a pass that begins after the request
        wake.ask();
        return publishReport(await next);
      });
      const names = [...loops].filter(([, loop]) => woken.includes(loop)).map(([name]) => name);
      return { deployments: names, reports: Promise.all(reports) };
    },
    async plan(asked, signal) {
      chosen(loops, asked.deployment);
      const plans = planning.then(() => {
        signal.throwIfAborted();
        return plan(asked, signal);
      });
      planning = plans.catch(() => {});
      return await plans;
    },
  };
}

async function statusOf(deployment: Deployment, loop: LoopAccess): Promise<Status> {
  const status = await statusOfLastPass(deployment, loop);
  const { running } = loop.passes;
  return running ? { ...status, running } : status;
}

/** From the state folder; a deployment that is only reported on writes nothing there. */
async function statusOfLastPass({ config, ports }: Deployment, { passes }: LoopAccess): Promise<Status> {
  if (config.mode === "enforce" || !passes.last) return await readStatus(config.name, ports.store);
  const ledger = await ports.store.readLedger(config.name);
  return readStatusText(config.name, statusAfter({ report: passes.last, ledger, before: undefined }))!;
}

function chosen(loops: ReadonlyMap<string, LoopAccess>, deployment: string | undefined): LoopAccess[] {
  if (deployment === undefined) return [...loops.values()];
  const loop = loops.get(deployment);
  if (loop) return [loop];
  const names = [...loops.keys()].join(", ");
  throw new HoldfastError("USAGE", `Cannot find deployment "${deployment}": the running agent has ${names}`, {
    retry: "operator",
    hint: "after a change of agent.yaml restart the agent: systemctl restart holdfast",
  });
}
