import { globSync } from "node:fs";

/** A group of test files that is run in one way. */
export interface Suite {
  readonly name: string;
  /** `…-engine`: one file after the other, with the Docker Engine of this run. */
  readonly runs: "types" | "node" | "node-engine" | "deno" | "deno-engine";
  /** Folders and files below test/. */
  readonly of: readonly string[];
  /** The binary is built before. */
  readonly binary?: true;
  /** The runtime of the agent that the tests start, where it is not their own. */
  readonly agent?: "deno";
  readonly limitMinutes: number;
}

/** No files, network or clock behind them: what they hold is true on any runtime. */
const PURE = ["model", "config", "compose", "policy", "policies", "plan", "report"];

/** In the order in which they run: what is quick to fail comes first. */
export const SUITES: readonly Suite[] = [
  { name: "types", runs: "types", of: [], limitMinutes: 2 },
  { name: "architecture", runs: "node", of: ["architecture.test.ts"], limitMinutes: 2 },
  { name: "unit", runs: "node", of: [...PURE, "agent", "cli", "http", "examples", "docs", "bench"], limitMinutes: 5 },
  { name: "deno", runs: "deno", of: [...PURE, "agent", "cli", "bench"], limitMinutes: 5 },
  { name: "oracle", runs: "node", of: ["oracle"], limitMinutes: 5 },
  { name: "support", runs: "node-engine", of: ["support"], limitMinutes: 3 },
  { name: "adapters", runs: "node", of: ["adapters/!(docker)", "keys"], limitMinutes: 5 },
  { name: "docker", runs: "node-engine", of: ["adapters/docker"], limitMinutes: 5 },
  { name: "contract", runs: "node-engine", of: ["contract"], limitMinutes: 5 },
  {
    name: "deno-adapters",
    runs: "deno-engine",
    of: ["architecture.test.ts", "examples", "docs", "deno", "http", "adapters", "keys", "contract"],
    limitMinutes: 15,
  },
  { name: "build", runs: "node", of: ["build"], binary: true, limitMinutes: 5 },
  { name: "service", runs: "node-engine", of: ["service"], binary: true, limitMinutes: 10 },
  { name: "e2e", runs: "node-engine", of: ["e2e"], binary: true, limitMinutes: 10 },
  { name: "deno-e2e", runs: "node-engine", of: ["e2e/!(*-binary).test.ts"], agent: "deno", limitMinutes: 10 },
];

/** What does not run under Deno, and why. */
export const NOT_UNDER_DENO: readonly string[] = [
  "test/e2e: its agent runs under Deno (suite deno-e2e); git server, proxies and judge run under Node, whose sockets they hold",
  "test/oracle: it starts the real Docker Compose, where there is one",
  "test/support: its proxy passes hijacked connections, which hang in Deno's node:http",
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
