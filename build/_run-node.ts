import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { add, describe, NOTHING, type Tally } from "./_tally.ts";

const reporter = fileURLToPath(new URL("./_event-lines.mjs", import.meta.url));

export interface RunOptions {
  readonly root: string;
  /** Files at a time. */
  readonly parallel: number;
  /** They give way to what else runs, which may wait for an answer in time. */
  readonly nice?: boolean;
  /** Of one file. */
  readonly limitMs: number;
  /** Added to this process's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly print: (text: string) => void;
}

/** Runs each test file in a process of its own under this Node, and prints a line for each, and its failures. */
export async function runNodeFiles(files: readonly string[], options: RunOptions): Promise<Tally> {
  const waiting = [...files];
  let total = NOTHING;
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const tally = await runNodeFile(file, options);
      total = add(total, tally);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, worker));
  return total;
}

async function runNodeFile(file: string, { print, ...options }: RunOptions): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-events-"));
  const events = join(folder, "events");
  const startedAt = performance.now();
  try {
    const { end, output } = await runToEnd(file, { ...options, events });
    const { tally, failures } = readEvents(events);
    const problem = end ??
      (tally.passed + tally.failed + tally.skipped.length === 0 ? "it executed no tests" : undefined);
    // A file can fail although each of its tests passed: in what runs after them, or before the first.
    const counted = problem !== undefined && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
    const skipped = counted.skipped.map((line) => `${file}: ${line}`);
    const seconds = (performance.now() - startedAt) / 1000;
    print(`  ${file}  ${describe(counted)} (${seconds.toFixed(1)} s)`);
    if (counted.failed > 0) {
      const said = output.trim() === "" ? [] : [`its output:\n${output.trimEnd().slice(-8_000)}`];
      for (const text of [...failures, ...(problem ? [`✖ ${file}: ${problem}`] : []), ...said]) print(indent(text));
    }
    return { ...counted, skipped, files: [{ name: file, seconds }] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface FileEnd {
  /** What ended it, unless it ended well. */
  readonly end: string | undefined;
  readonly output: string;
}

function runToEnd(
  file: string,
  { root, limitMs, env, nice, events }: Omit<RunOptions, "print"> & { readonly events: string },
): Promise<FileEnd> {
  const reporting = [`--test-reporter=${reporter}`, `--test-reporter-destination=${events}`];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...reporting, file], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own, which can be ended as a whole
  });
  if (nice && child.pid !== undefined) setPriority(child.pid, 5);
  const onExit = (): void => endGroup(child.pid, "SIGTERM");
  process.once("exit", onExit);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  let late = false;
  const gentle = setTimeout(() => {
    late = true;
    child.kill("SIGTERM"); // it removes what it made
  }, limitMs);
  const hard = setTimeout(() => endGroup(child.pid, "SIGKILL"), limitMs + 30_000);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(gentle);
      clearTimeout(hard);
      process.off("exit", onExit);
      const end = late
        ? `it was ended after ${limitMs / 60_000} minutes`
        : code === 0
        ? undefined
        : `it ended with ${code ?? signal}`;
      resolve({ end, output: Buffer.concat(chunks).toString() });
    });
  });
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface TestEvent {
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
  readonly text?: string;
}

function readEvents(file: string): { readonly tally: Tally; readonly failures: readonly string[] } {
  const lines = readFileSync(file, { encoding: "utf8", flag: "a+" }).split("\n").filter((line) => line.endsWith("}"));
  const events = lines.map((line) => JSON.parse(line) as TestEvent);
  const of = (result: TestEvent["result"]): readonly TestEvent[] => events.filter((event) => event.result === result);
  return {
    tally: {
      ...NOTHING,
      passed: of("passed").length,
      failed: of("failed").length,
      skipped: of("skipped").map(({ name, text }) => `${name}: ${text}`),
    },
    failures: of("failed").map(({ name, text }) => `✖ ${name}\n${text}`),
  };
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
