import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { controlClient } from "../../src/adapters/control/control-client.ts";
import type { TestEngine } from "../../test/support/engine.ts";
import type { Repository } from "../../test/support/repository.ts";
import { until } from "../../test/support/until.ts";
import { type Agent, startAgent } from "../demo/agent.ts";
import { emptyEngine } from "./empty-engine.ts";
import { type ProcessTime, timeProcess } from "./process.ts";
import { composeText, image } from "./project.ts";

export interface HoldfastSideOptions {
  readonly engine: TestEngine;
  readonly repository: Repository;
  readonly binary: string;
  /** For agent.yaml and the state. */
  readonly folder: string;
  /** On tmpfs. */
  readonly runtime: string;
}

/** A deployment that holdfast keeps, on an Engine of its own. */
export interface HoldfastSide {
  readonly engine: TestEngine;
  /** Commits and pushes. @param version what the first service's environment holds */
  push(size: number, version: number): Promise<void>;
  /** `holdfast apply` as a process, while no agent runs. */
  apply(socket?: string): Promise<ProcessTime>;
  /** `holdfast run`, warm and quiet. */
  agent(options?: AgentOptions): Promise<ResidentAgent>;
  /** Containers, state and all: as before the first `apply()`. */
  remove(): Promise<void>;
}

export interface AgentOptions {
  /** Default: so long that only events wake it. */
  readonly interval?: string;
  readonly socket?: string;
}

export interface ResidentAgent extends AsyncDisposable {
  readonly pid: number;
  /** Wakes it with an event of the Engine that changes nothing. @returns how long its pass took, in milliseconds */
  quietPass(): Promise<number>;
  /** Asks for a pass, as `holdfast sync --wait` does, and waits for its answer. */
  sync(): Promise<{ readonly wallMs: number }>;
}

const reports = z.object({ reports: z.tuple([z.object({ state: z.string() })]) });
const passLine = z.object({
  event: z.literal("pass"),
  milliseconds: z.number(),
  converged: z.boolean(),
  steps: z.number(),
});
const status = z.object({ agent: z.object({ pid: z.int() }) });
const passLimitMs = 120_000;
/** Enough for what runs in every pass to be compiled. */
const warmUpPasses = 10;
/** A burst of events may end in a second pass; none begins later than this. */
const calmMs = 1000;

export function holdfastSide({ engine, repository, binary, folder, runtime }: HoldfastSideOptions): HoldfastSide {
  const config = join(folder, "agent.yaml");
  const configure = (socket: string, interval: string): Promise<void> =>
    writeFile(
      config,
      `deployments: [{ name: bench, repository: "${repository.bare}", ref: main, interval: ${interval} }]
engine: { host: "unix://${socket}" }
state: ${join(folder, "state")}
runtime: ${runtime}
`,
    );
  return {
    engine,
    push: async (size, version) => {
      await repository.commit({ "compose.yaml": composeText(size, version), "holdfast.yaml": manifest });
    },
    async apply(socket = engine.socket) {
      await configure(socket, "1h");
      return await timeProcess({
        command: binary,
        args: ["apply", "--config", config],
        netns: engine.netns,
        env: { PATH },
      });
    },
    async agent({ interval = "1h", socket = engine.socket } = {}) {
      await configure(socket, interval);
      const passes: Pass[] = [];
      const options = ["--log-level", "debug", "--log-format", "json"];
      const agent = startAgent({ network: engine, binary, config, options }, (line) => passes.push(...readPass(line)));
      try {
        return await resident(agent, { engine, passes, socket: join(runtime, "holdfast.sock") });
      } catch (error) {
        await agent.dispose();
        throw new Error(`${(error as Error).message}; its journal ends:\n${agent.journal.slice(-10).join("\n")}`);
      }
    },
    async remove() {
      await emptyEngine(engine);
      await rm(join(folder, "state"), { recursive: true, force: true });
    },
  };
}

/** For nsenter: holdfast starts no program. */
const PATH = "/usr/bin:/bin";

/** Compose does not wait after it has started a container: nor does this. */
const manifest = `compose: [compose.yaml]
policies: { packs: [] }
verify: { running: 0s }
`;

async function resident(
  agent: Agent,
  { engine, socket, passes }: {
    readonly engine: TestEngine;
    readonly socket: string;
    readonly passes: readonly Pass[];
  },
): Promise<ResidentAgent> {
  const client = controlClient(socket);
  const ask = (method: "GET" | "POST", path: string): Promise<unknown> =>
    client.ask({ method, path, timeoutMs: passLimitMs }, AbortSignal.timeout(passLimitMs));
  const passAfter = (count: number): Promise<Pass> => until("the agent's next pass", () => passes[count]);

  const quietPass = async (): Promise<number> => {
    const count = passes.length;
    const [repo, tag] = image.split(":") as [string, string];
    await engine.docker.getImage(image).tag({ repo, tag });
    const { milliseconds, converged, steps } = await passAfter(count);
    if (converged && steps === 0) return milliseconds;
    throw new Error(`A pass that should find nothing to do took ${steps} steps, converged: ${converged}`);
  };
  await passAfter(0);
  const { agent: { pid } } = status.parse(await ask("GET", "/status"));
  for (let pass = 0; pass < warmUpPasses; pass++) await quietPass();
  await until("the agent to wait for events", async () => {
    const count = passes.length;
    await sleep(calmMs);
    return passes.length === count;
  });
  return {
    pid,
    quietPass,
    async sync() {
      const startedAt = performance.now();
      const [{ state }] = reports.parse(await ask("POST", "/sync/bench?wait=1")).reports;
      const wallMs = performance.now() - startedAt;
      if (state !== "converged") throw new Error(`After a pass the agent is ${state}, not converged`);
      return { wallMs };
    },
    [Symbol.asyncDispose]: () => agent.dispose(),
  };
}

type Pass = z.output<typeof passLine>;

function readPass(line: string): Pass[] {
  const json = line.startsWith("{") ? JSON.parse(line) : undefined;
  const { success, data } = passLine.safeParse(json);
  return success ? [data] : [];
}
