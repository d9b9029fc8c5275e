import { Agent, get } from "node:http";
import { type Contender, countCalls, race, type Sample } from "./contenders.ts";
import type { TestEngine } from "../../test/support/engine.ts";
import { gapDuring } from "./gap.ts";
import type { AgentOptions, HoldfastSide, ResidentAgent } from "./holdfast-side.ts";
import { port } from "./project.ts";
import type { Row } from "./results.ts";
import type { Stage } from "./stage.ts";

export interface Measuring {
  readonly size: number;
  readonly runs: number;
}

const composeName = "Compose: up -d, a process";
const applyName = "holdfast: apply, a process";
const quietPassesPerRun = 5;

/** Deploys on both sides, unless that was done already. */
export async function deploy({ compose, holdfast }: Stage, size: number): Promise<void> {
  await compose?.write(size, 0);
  await compose?.up();
  await holdfast.push(size, 0);
  await holdfast.apply();
}

/** From an empty host until every container is started. */
export async function measureFirst({ compose, holdfast }: Stage, { size, runs }: Measuring): Promise<Row[]> {
  await compose?.write(size, 0);
  await holdfast.push(size, 0);
  const contenders: Contender[] = [{
    name: applyName,
    prepare: () => holdfast.remove(),
    measure: async () => sample(await holdfast.apply()),
    count: () => countCalls(holdfast.engine, ({ socket }) => holdfast.apply(socket)),
  }];
  if (compose) {
    contenders.unshift({
      name: composeName,
      isBaseline: true,
      prepare: () => compose.remove(),
      measure: async () => sample(await compose.up()),
      count: () => countCalls(compose.engine, ({ socket }) => compose.up(socket)),
    });
  }
  return await race(contenders, { part: "first convergence", size, runs });
}

/** A deployment that is as it should be, looked at again. */
export async function measureQuiet({ compose, holdfast }: Stage, { size, runs }: Measuring): Promise<Row[]> {
  const contenders: Contender[] = [{
    name: applyName,
    measure: async () => sample(await holdfast.apply()),
    count: () => countCalls(holdfast.engine, ({ socket }) => holdfast.apply(socket)),
  }, {
    name: "holdfast: a pass of the running service",
    measure: () => withAgent(holdfast, {}, quietPasses),
    count: () =>
      countCalls(holdfast.engine, ({ socket, calls }) =>
        withAgent(holdfast, { socket }, async (agent) => {
          calls.length = 0;
          await agent.quietPass();
        })),
  }, {
    name: "the Engine alone: four lists over a kept connection",
    measure: () => fourLists(holdfast.engine.socket),
  }];
  if (compose) {
    contenders.unshift({
      name: composeName,
      isBaseline: true,
      measure: async () => sample(await compose.up()),
      count: () => countCalls(compose.engine, ({ socket }) => compose.up(socket)),
    });
  }
  return await race(contenders, { part: "nothing to do", size, runs });
}

/** One service gets another environment, while clients keep connecting to its port. */
export async function measureChange({ compose, holdfast }: Stage, { size, runs }: Measuring): Promise<Row[]> {
  let version = 0;
  const push = (): Promise<void> => holdfast.push(size, ++version);
  const changed = async (engine: TestEngine, work: () => Promise<Parameters<typeof sample>[0]>): Promise<Sample> => {
    const { worked, gap } = await gapDuring(engine, port, work);
    if (gap.body === String(version)) return { ...sample(worked), gapMs: gap.gapMs };
    throw new Error(`The service answers "${gap.body}" after its VERSION was changed to "${version}"`);
  };
  const contenders: Contender[] = [{
    name: applyName,
    prepare: push,
    measure: () => changed(holdfast.engine, () => holdfast.apply()),
    count: () => countCalls(holdfast.engine, ({ socket }) => holdfast.apply(socket)),
  }, {
    name: "holdfast: the running service, from sync to its end",
    measure: () =>
      withAgent(holdfast, {}, async (agent) => {
        await push();
        return await changed(holdfast.engine, () => agent.sync());
      }),
    count: () =>
      countCalls(holdfast.engine, ({ socket, calls }) =>
        withAgent(holdfast, { socket }, async (agent) => {
          await push();
          calls.length = 0;
          await agent.sync();
        })),
  }];
  if (compose) {
    contenders.unshift({
      name: composeName,
      isBaseline: true,
      prepare: () => compose.write(size, ++version),
      measure: () => changed(compose.engine, () => compose.up()),
      count: () => countCalls(compose.engine, ({ socket }) => compose.up(socket)),
    });
  }
  return await race(contenders, { part: "change of one service's environment", size, runs });
}

function sample({ wallMs, cpuMs }: { readonly wallMs: number; readonly cpuMs?: number }): Sample {
  return { wallMs: [wallMs], cpuMs };
}

async function withAgent<Result>(
  holdfast: HoldfastSide,
  options: AgentOptions,
  work: (agent: ResidentAgent) => Promise<Result>,
): Promise<Result> {
  await using agent = await holdfast.agent(options);
  return await work(agent);
}

async function quietPasses(agent: ResidentAgent): Promise<Sample> {
  const wallMs: number[] = [];
  while (wallMs.length < quietPassesPerRun) wallMs.push(await agent.quietPass());
  return { wallMs };
}

/** What no client that looks at the whole host can do without. */
async function fourLists(socketPath: string): Promise<Sample> {
  const agent = new Agent({ keepAlive: true });
  const read = (path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const call = get({ socketPath, path, agent }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => void (text += chunk));
        answer.once("end", () => resolve(JSON.parse(text))).once("error", reject);
      });
      call.once("error", reject);
    });
  const lists = ["/containers/json?all=true", "/networks", "/volumes", "/images/json"];
  const wallMs: number[] = [];
  for (let pass = 0; pass <= quietPassesPerRun; pass++) {
    const startedAt = performance.now();
    await Promise.all(lists.map(read));
    if (pass > 0) wallMs.push(performance.now() - startedAt); // the first one connects
  }
  agent.destroy();
  return { wallMs };
}
