import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type EngineNetwork, spawnInEngineNetwork } from "../support/namespace.ts";
import { type Removable, removable } from "../support/removable.ts";
import { denoCache, denoProgram, denoTask } from "../support/deno-tasks.ts";
import { until } from "../support/until.ts";

/** What a command came to. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that a test acts on while it runs. */
export type RunningAgent = Removable & {
  /** Everything it has written so far, line by line, on either stream. */
  readonly journal: readonly string[];
  /** Resolves with the first line that matches, of those after the first `from` lines. */
  line(pattern: RegExp, from?: number): Promise<string>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
  /** Does something that takes several calls while the agent is held still, so that it meets the whole of it. */
  unseen<Result>(act: () => Promise<Result>): Promise<Result>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
};

const longestMs = 60_000;

/** `source` on the runtime of the tests, `deno` with the permissions of `deno task run`, `binary` of `npm run build`. */
const program = process.env["HOLDFAST_E2E_PROGRAM"] ?? (process.versions.deno ? "deno" : "source");

/** Under Deno, holdfast may use less of the host than root: nothing below /dev, for one. */
export const runsOnDeno = program === "deno";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** With nothing in its environment, so that no git, gpg or docker could be found by it; Deno wants to know its cache. */
function commandLine(args: readonly string[]): [string, ...string[]] {
  return ["/usr/bin/env", "-i", ...start(), ...args];
}

function start(): string[] {
  switch (program) {
    case "source":
      return [process.execPath, fromRoot("src/main.ts")];
    case "deno": {
      const { command, flags, operands } = denoTask("run");
      return [`DENO_DIR=${denoCache}`, denoProgram, command, ...flags, ...operands.map(fromRoot)];
    }
    case "binary": {
      const binary = fromRoot("dist/holdfast");
      if (!existsSync(binary)) throw new Error(`No binary at "${binary}": "npm run build" makes it`);
      return [binary];
    }
    default:
      throw new Error(`HOLDFAST_E2E_PROGRAM is "${program}"; it takes "source", "deno" or "binary"`);
  }
}

/** Runs one command to its end, on the host that the Engine is on. */
export async function runHoldfast(network: EngineNetwork, args: readonly string[]): Promise<Ran> {
  const child = spawnInEngineNetwork(network, commandLine(args), { stdio: ["ignore", "pipe", "pipe"] });
  const late = setTimeout(() => child.kill("SIGKILL"), longestMs);
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]!.setEncoding("utf8").on("data", (text: string) => void (written[stream] += text));
  }
  const [code] = await once(child, "close");
  clearTimeout(late);
  return { code, ...written };
}

/** Starts a command; `dispose()` ends it as systemd does. */
export function startHoldfast(network: EngineNetwork, args: readonly string[]): RunningAgent {
  const child = spawnInEngineNetwork(network, commandLine(args), { stdio: ["ignore", "pipe", "pipe"] });
  const journal: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (line) => void journal.push(line));
  }
  const ended = once(child, "close").then(([code, signal]) => code ?? signal);
  return removable({
    journal,
    ended,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    unseen: async <Result>(act: () => Promise<Result>) => {
      child.kill("SIGSTOP");
      try {
        return await act();
      } finally {
        child.kill("SIGCONT");
      }
    },
    line: (pattern: RegExp, from = 0) =>
      until(`a line that matches ${pattern}`, () => journal.slice(from).find((line) => pattern.test(line)), longestMs)
        .catch((cause) => {
          throw new Error(`${cause.message}; the journal ends:\n${journal.slice(-15).join("\n")}`, { cause });
        }),
  }, async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(late);
  }, () => child.kill("SIGKILL"));
}
