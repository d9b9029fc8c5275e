import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A group of test files that is run in one way. */
export interface Suite {
  readonly name: string;
  /** `…-engine`: one file after the other, with the Docker Engine of its lane. */
  readonly runs: "types" | "node" | "node-engine" | "deno" | "deno-engine";
  /** Lanes run side by side, the suites of a lane one after the other. */
  readonly lane: Lane;
  /** Folders and files below test/. */
  readonly of: readonly string[];
  /** The binary is built before. */
  readonly binary?: true;
  /** The runtime of the agent that the tests start, where it is not their own. */
  readonly agent?: "deno";
  /** It needs what not every machine has: that all of it is left out is no failure. */
  readonly optional?: true;
  /** Of one file; under Deno, which takes them in one process, of all. */
  readonly limitMinutes: number;
}

/** `processor` has no Engine and keeps a core busy; the others mostly wait for theirs. */
export type Lane = "processor" | "engine" | "second-engine";

/** No files, network or clock behind them: what they hold is true on any runtime. */
const PURE = ["model", "config", "compose", "policy", "policies", "plan", "report"];

/** In the order in which those of a lane run: what is quick to fail comes first. */
export const SUITES: readonly Suite[] = [
  { name: "types", runs: "types", lane: "processor", of: [], limitMinutes: 2 },
  { name: "architecture", runs: "node", lane: "processor", of: ["architecture.test.ts"], limitMinutes: 2 },
  {
    name: "unit",
    runs: "node",
    lane: "processor",
    of: [...PURE, "agent", "cli", "http", "examples", "docs", "bench"],
    limitMinutes: 5,
  },
  { name: "deno", runs: "deno", lane: "processor", of: [...PURE, "agent", "cli", "bench"], limitMinutes: 10 },
  { name: "oracle", runs: "node", lane: "processor", of: ["oracle"], optional: true, limitMinutes: 5 },
  { name: "adapters", runs: "node", lane: "processor", of: ["adapters/!(docker)", "keys"], limitMinutes: 5 },
  { name: "build", runs: "node", lane: "processor", of: ["build"], binary: true, limitMinutes: 5 },
  { name: "support", runs: "node-engine", lane: "engine", of: ["support"], limitMinutes: 3 },
  { name: "docker", runs: "node-engine", lane: "engine", of: ["adapters/docker"], limitMinutes: 5 },
  { name: "contract", runs: "node-engine", lane: "engine", of: ["contract"], limitMinutes: 5 },
  { name: "engines", runs: "node", lane: "second-engine", of: ["engines"], optional: true, limitMinutes: 8 },
  { name: "service", runs: "node-engine", lane: "engine", of: ["service"], binary: true, limitMinutes: 10 },
  { name: "e2e", runs: "node-engine", lane: "engine", of: ["e2e"], binary: true, limitMinutes: 10 },
  {
    name: "deno-adapters",
    runs: "deno-engine",
    lane: "second-engine",
    of: ["architecture.test.ts", "examples", "docs", "deno", "http", "adapters", "keys", "contract"],
    limitMinutes: 20,
  },
  {
    name: "deno-e2e",
    runs: "node-engine",
    lane: "second-engine",
    of: ["e2e/!(*-binary).test.ts"],
    agent: "deno",
    limitMinutes: 10,
  },
];

/** What does not run under Deno, and why. */
export const NOT_UNDER_DENO: readonly string[] = [
  "test/e2e: its agent runs under Deno (suite deno-e2e); git server, proxies and judge run under Node, whose sockets they hold",
  "test/oracle: it starts the real Docker Compose, where there is one",
  "test/support: its proxy passes hijacked connections, which hang in Deno's node:http",
  "test/engines: it starts and stops Engines of its own, and compares what they answer, which is the same for any runtime",
  "test/build: it holds the binary of the pinned Node, and how it is made",
  "test/service, test/e2e/convergence-binary.test.ts: they judge that binary, in which no Deno is",
];

/** @returns paths from the root, sorted */
export function filesOf(suite: Suite, root: string): readonly string[] {
  return suite.of
    .flatMap((entry) => globSync(entry.endsWith(".ts") ? `test/${entry}` : `test/${entry}/**/*.test.ts`, { cwd: root }))
    .sort();
}

/** Test files that no suite would run. */
export function forgottenFiles(root: string): readonly string[] {
  const known = new Set(SUITES.flatMap((suite) => filesOf(suite, root)));
  return globSync("test/**/*.test.ts", { cwd: root }).filter((file) => !known.has(file)).sort();
}

/** Test files with properties that chance is to be tried on: they need no Engine. */
export function propertyFiles(root: string): readonly string[] {
  const files = SUITES.filter(({ runs }) => runs === "node").flatMap((suite) => filesOf(suite, root));
  return files.filter((file) => readFileSync(join(root, file), "utf8").includes("support/property.ts"));
}
