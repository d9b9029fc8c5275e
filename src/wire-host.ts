import { join } from "node:path";
import { systemClock } from "./adapters/clock/system-clock.ts";
import { controlClient } from "./adapters/control/control-client.ts";
import { readConfigFile } from "./adapters/host-config/read-files.ts";
import { cloneHead } from "./adapters/host-files/clone-head.ts";
import { streamLog } from "./adapters/log/stream-log.ts";
import { borrowState } from "./adapters/state/borrow-state.ts";
import { lockState, type StateLock } from "./adapters/state/lock.ts";
import { stateStore } from "./adapters/state/state-store.ts";
import { workerIsolation } from "./adapters/worker/worker-isolation.ts";
import { systemdSupervisor } from "./adapters/systemd/notify.ts";
import type { Application, HostOptions } from "./agent/application.ts";
import { type ControlledAgent, controlledAgent } from "./agent/control.ts";
import type { Deployment } from "./agent/deployment.ts";
import { applyOnce, planOnce } from "./agent/one-pass.ts";
import { placeAllKeys } from "./agent/place-keys.ts";
import { type RemoteAgent, remoteAgent } from "./agent/remote-agent.ts";
import { Service } from "./agent/service.ts";
import { readStatus } from "./agent/status.ts";
import { waitUnconfigured } from "./agent/unconfigured.ts";
import { paint, wantsColour } from "./cli/colour.ts";
import { LiveLine } from "./cli/live-line.ts";
import type { CliIo, TextSink } from "./cli/io.ts";
import type { AgentConfig, DeploymentConfig } from "./config/agent-config.ts";
import { loadAgentConfig } from "./config/load.ts";
import { listenControl } from "./http/control-server.ts";
import { HoldfastError } from "./model/error.ts";
import type { Log } from "./ports/log.ts";
import type { StateStore } from "./ports/state-store.ts";
import type { Supervisor } from "./ports/supervisor.ts";
import { type PublishedPlan, publishPlan, publishReport } from "./report/published.ts";
import type { StaleClone } from "./report/clone-text.ts";
import type { Status } from "./report/status.ts";
import { commit, version } from "./version.ts";
import { missingCredential, noCredential } from "./wire-credentials.ts";
import { type Output, wireDeployment } from "./wire-deployment.ts";

/** The commands on a configured host. */
export function wireHost(
  io: CliIo,
): Pick<Application, "run" | "plan" | "apply" | "placeKeys" | "sync" | "report" | "status"> {
  return {
    async run(options, signal) {
      const output = openOutput(options, io, io.stdout);
      const supervisor = systemdSupervisor({ env: io.env, pid: process.pid, log: output.log });
      const host = await openHost(options).catch((thrown: unknown) => unlessUnconfigured(thrown, io));
      if (host instanceof HoldfastError) {
        const { log } = output;
        return await waitUnconfigured(host, { supervisor, log, clock: systemClock() }, signal);
      }
      const lock = lockState(host.config.state);
      try {
        await runService(host, { output, supervisor, io }, signal);
      } finally {
        lock.release();
      }
    },

    async plan(options, signal) {
      const host = await openHost(options);
      const credential = missingCredential(host, io.env);
      if (credential !== undefined) {
        return await host.agent.plan(options, signal).catch((thrown: unknown) => {
          throw isUnreachable(thrown) ? noCredential(credential, thrown) : thrown;
        });
      }
      const state = await borrowState(host.config.state);
      try {
        return await planAll(await host.deployments(openOutput(options, io, io.stderr), state.folder), options, signal);
      } finally {
        await state.release();
      }
    },

    async apply(options, signal) {
      const host = await openHost(options);
      const lock = await lockOrAgent(host, signal);
      if ("agent" in lock) return await lock.agent.syncAndWait(options.deployment, signal);
      try {
        const deployments = await host.deployments(openOutput(options, io, io.stderr));
        return await inOrder(deployments, async (deployment) => publishReport(await applyOnce(deployment, signal)));
      } finally {
        lock.release();
      }
    },

    async placeKeys(options, signal) {
      const host = await openHost(options);
      const lock = lockState(host.config.state);
      try {
        return await placeAllKeys(await host.deployments(openOutput(options, io, io.stdout)), signal);
      } finally {
        lock.release();
      }
    },

    async sync(options, signal) {
      const { agent } = await openHost(options);
      return options.until === "reported"
        ? { kind: "reported", reports: await agent.syncAndWait(options.deployment, signal) }
        : { kind: "woken", deployments: await agent.sync(options.deployment, signal) };
    },

    async report(options, signal) {
      return await (await openHost(options)).agent.report(options.deployment, signal);
    },

    async status(options, signal) {
      const host = await openHost(options);
      const told = await unlessUnreachable(host.agent.status(signal));
      const deployments = await inOrder(
        host.wanted,
        async ({ name }) =>
          told?.deployments.find(({ deployment }) => deployment === name) ?? await readStatus(name, host.store),
      );
      return { agent: told?.agent, deployments, clones: await staleClones(host, deployments) };
    },
  };
}

interface ServiceParts {
  readonly output: Output;
  readonly supervisor: Supervisor;
  readonly io: CliIo;
}

/** A service that has nothing to do yet is no failure; a command that was asked for something is. */
function unlessUnconfigured(thrown: unknown, { env }: CliIo): HoldfastError {
  if (thrown instanceof HoldfastError && thrown.code === "CONFIG_EMPTY" && env["NOTIFY_SOCKET"]) return thrown;
  throw thrown;
}

/** Adopted clones whose `.git` is elsewhere than their files. */
async function staleClones({ wanted }: Host, statuses: readonly Status[]): Promise<StaleClone[]> {
  const clones = await inOrder(wanted, async ({ name, checkout }) => {
    const applied = statuses.find(({ deployment }) => deployment === name)?.applied?.commit;
    const head = applied === undefined ? undefined : await cloneHead(checkout);
    return applied === undefined || head === undefined || head === applied
      ? []
      : [{ deployment: name, folder: checkout, head, applied }];
  });
  return clones.flat();
}

/** The loops and the control socket, until the signal. */
async function runService(
  host: Host,
  { output, supervisor, io }: ServiceParts,
  signal: AbortSignal,
): Promise<void> {
  const { log } = output;
  log.write("notice", `holdfast ${version} started`, { event: "started", version, commit });
  const deployments = await host.deployments(output);
  const service = new Service(deployments, supervisor);
  const running = { pid: process.pid, version, commit, startedAt: io.now().toISOString() };
  const agent = controlledAgent({ deployments, loops: service.loops, running, plan: planBeside(host, log) });
  const control = await listenControl(controlSocket(host.config), agent);
  try {
    await service.run(signal);
  } finally {
    await control.close();
  }
}

/** The state folder for this process alone, or the agent that holds it. */
async function lockOrAgent(
  { config, agent }: Host,
  signal: AbortSignal,
): Promise<StateLock | { readonly agent: RemoteAgent }> {
  try {
    return lockState(config.state);
  } catch (thrown) {
    const isHeld = thrown instanceof HoldfastError && thrown.code === "STATE_LOCKED";
    if (isHeld && await unlessUnreachable(agent.status(signal))) return { agent };
    throw thrown;
  }
}

/** Undefined when no agent answers. */
async function unlessUnreachable<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  return await asked.catch((thrown: unknown) => {
    if (isUnreachable(thrown)) return undefined;
    throw thrown;
  });
}

function isUnreachable(thrown: unknown): thrown is HoldfastError {
  return thrown instanceof HoldfastError && thrown.code === "AGENT_UNREACHABLE";
}

/** Plans as `holdfast plan` makes them, in the agent: with adapters of their own, so that no loop notices. */
function planBeside(host: Host, log: Log): ControlledAgent["plan"] {
  return async (asked, signal) => {
    const deployments = await host.deployments({ log, progress: { show: () => {} } });
    const wanted = deployments.filter(({ config }) =>
      asked.deployment === undefined || config.name === asked.deployment
    );
    return await planAll(wanted, asked, signal);
  };
}

async function planAll(
  deployments: readonly Deployment[],
  options: { readonly steps: boolean },
  signal: AbortSignal,
): Promise<PublishedPlan[]> {
  return await inOrder(deployments, async (each) => publishPlan(await planOnce(each, signal), options));
}

function controlSocket({ runtime }: AgentConfig): string {
  return join(runtime, "holdfast.sock");
}

/** One configured host, before anything is asked of it. */
interface Host {
  readonly config: AgentConfig;
  /** The deployments that the command is for. */
  readonly wanted: readonly DeploymentConfig[];
  readonly store: StateStore;
  /** The one that runs on it, if any. */
  readonly agent: RemoteAgent;
  /** @param state where ledgers, digest key and object stores are; default: the configured folder */
  deployments(output: Output, state?: string): Promise<readonly Deployment[]>;
}

async function openHost(options: HostOptions): Promise<Host> {
  const config = loadAgentConfig(await readConfigFile(options.configFile), options.configFile);
  const wanted = config.deployments.filter(({ name }) =>
    options.deployment === undefined || name === options.deployment
  );
  if (wanted.length === 0) throw unknownDeployment(options, config);
  return {
    config,
    wanted,
    store: stateStore(config.state),
    agent: remoteAgent(controlClient(controlSocket(config))),
    async deployments(output, state = config.state) {
      const store = stateStore(state);
      const digestKey = await store.digestKey();
      const isolation = workerIsolation(new URL("./wire-worker.ts", import.meta.url));
      return wanted.map((deployment) =>
        wireDeployment(deployment, { config, state, store, output, digestKey, isolation })
      );
    },
  };
}

function openOutput({ log }: HostOptions, io: CliIo, sink: TextSink): Output {
  const progress = new LiveLine(sink);
  const coloured = log.format === "text" && wantsColour(sink, io.env);
  return {
    progress,
    log: streamLog({
      stream: progress,
      format: log.format,
      level: log.level,
      journal: io.env["JOURNAL_STREAM"] !== undefined,
      now: io.now,
      paint: coloured ? paint : undefined,
    }),
  };
}

function unknownDeployment({ deployment, configFile }: HostOptions, config: AgentConfig): HoldfastError {
  const names = config.deployments.map(({ name }) => name).join(", ");
  return new HoldfastError("USAGE", `Cannot find deployment "${deployment}" in "${configFile}": it has ${names}`, {
    retry: "operator",
    hint: "name one of these, or none for all",
  });
}

async function inOrder<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
