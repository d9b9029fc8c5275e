import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { tickMs } from "./process.ts";
import type { Row } from "./results.ts";
import type { Stage } from "./stage.ts";

/** The default of agent.yaml, and the shortest that it takes. */
const intervals = ["60s", "1s"];

/** What the running service costs while the deployment is as it should be. */
export async function measureIdle(
  { holdfast }: Stage,
  { size, seconds }: { readonly size: number; readonly seconds: number },
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const interval of intervals) {
    await using agent = await holdfast.agent({ interval });
    const before = await cpuMs(agent.pid);
    await sleep(seconds * 1000);
    const part = `idle for ${seconds} s, interval ${interval}`;
    const cpu = await cpuMs(agent.pid) - before;
    const { anonymous, proportional } = await memoryMb(agent.pid);
    rows.push(
      { part, size, subject: "processor time", unit: "ms", values: [cpu] },
      { part, size, subject: "anonymous memory", unit: "MB", values: [anonymous] },
      { part, size, subject: "proportional set size (PSS)", unit: "MB", values: [proportional] },
    );
  }
  return rows;
}

/** User and system time of all its threads. */
async function cpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ").at(-1)!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Files that are mapped (the binary itself) are in the PSS, and not in the anonymous memory. */
async function memoryMb(pid: number): Promise<{ readonly anonymous: number; readonly proportional: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)![1]);
  return { anonymous: kilobytes("Anonymous") / 1024, proportional: kilobytes("Pss") / 1024 };
}
