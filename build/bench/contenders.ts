import { type CountingProxy, countingProxy } from "../../test/support/counting-proxy.ts";
import type { TestEngine } from "../../test/support/engine.ts";
import type { Row } from "./results.ts";

/** What one measurement came to, in milliseconds; more than one value where it was done several times in a row. */
export interface Sample {
  readonly wallMs: readonly number[];
  /** Processor time of the client, where it is a process. */
  readonly cpuMs?: number;
  /** How long a published port did not answer. */
  readonly gapMs?: number;
}

/** One of several that do the same in turn. */
export interface Contender {
  readonly name: string;
  /** The others are given as ratios to it. */
  readonly isBaseline?: true;
  /** What has to be so before each measurement; not measured. */
  prepare?(): Promise<void>;
  measure(): Promise<Sample>;
  /** Does it once more, and counts the calls that the Engine gets. */
  count?(): Promise<number>;
}

export interface Race {
  readonly part: string;
  readonly size: number;
  readonly runs: number;
}

/**
 * Measures contenders in turn, so that a machine whose speed drifts is unfair to none: A B C, C B A, A B C, … Counting
 * comes first, and is the warm-up.
 */
export async function race(contenders: readonly Contender[], { part, size, runs }: Race): Promise<Row[]> {
  const row = ({ name, isBaseline }: Contender) => ({ size, subject: name, ...(isBaseline && { isBaseline }) });
  const calls: Row[] = [];
  for (const contender of contenders) {
    if (!contender.count) continue;
    await contender.prepare?.();
    calls.push({ ...row(contender), part: `${part}: Engine calls`, unit: "calls", values: [await contender.count()] });
  }
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let run = 0; run < runs; run++) {
    for (const contender of run % 2 === 0 ? contenders : [...contenders].reverse()) {
      await contender.prepare?.();
      samples.get(contender)!.push(await contender.measure());
    }
  }
  const rowsOf = (title: string, pick: (sample: Sample) => readonly number[]): Row[] =>
    [...samples].flatMap(([contender, taken]) => {
      const values = taken.flatMap(pick);
      return values.length === 0 ? [] : [{ ...row(contender), part: title, unit: "ms", values }];
    });
  return [
    ...rowsOf(part, ({ wallMs }) => wallMs),
    ...rowsOf(`${part}: the process's own processor time`, ({ cpuMs }) => cpuMs === undefined ? [] : [cpuMs]),
    ...rowsOf(`${part}: gap of its port`, ({ gapMs }) => gapMs === undefined ? [] : [gapMs]),
    ...calls,
  ];
}

/**
 * How many calls an Engine gets while something is done through a proxy in front of it.
 *
 * @param work may set `calls.length = 0` of the proxy, to count from there
 */
export async function countCalls(
  engine: TestEngine,
  work: (proxy: CountingProxy) => Promise<unknown>,
): Promise<number> {
  await using proxy = await countingProxy(engine);
  await work(proxy);
  return proxy.calls.length;
}
