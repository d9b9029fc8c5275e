import { spawn } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutant } from "./_mutants.ts";

const reporter = fileURLToPath(new URL("./_stop-at-failure.mjs", import.meta.url));
const runner = "test/plan/_all-at-once.ts";
const limitMs = 120_000;

/** A copy of the sources in which one mutant at a time stands. */
export class MutatedTree {
  readonly #folder: string;

  constructor(root: string, folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const name of ["package.json", "src", "test"]) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const files = globSync("test/plan/*.test.ts", { cwd: folder }).sort();
    // The properties take longest: what a named test finds is found first.
    const inOrder = [
      ...files.filter((file) => !file.includes("properties")),
      ...files.filter((file) => file.includes("properties")),
    ];
    writeFileSync(
      join(folder, runner),
      inOrder.map((file) => `import "./${file.slice("test/plan/".length)}";\n`).join(""),
    );
  }

  /** @returns whether a test of the planner fails; undefined when they took too long, which is as good */
  async kills({ file, text }: Pick<Mutant, "file" | "text">): Promise<boolean> {
    const path = join(this.#folder, file);
    const original = readFileSync(path, "utf8");
    writeFileSync(path, text);
    try {
      return !await this.testsPass();
    } finally {
      writeFileSync(path, original);
    }
  }

  /** Whether the planner's tests pass as the tree is. */
  testsPass(): Promise<boolean> {
    const options = [
      "--disable-warning=ExperimentalWarning",
      `--test-reporter=${reporter}`,
      "--test-reporter-destination=stdout",
    ];
    const child = spawn(process.execPath, [...options, runner], {
      cwd: this.#folder,
      env: { ...process.env, HOLDFAST_TEST_RUNS: "60" },
      stdio: "ignore",
    });
    if (child.pid !== undefined) setPriority(child.pid, 5);
    const onExit = (): void => void child.kill("SIGKILL");
    process.once("exit", onExit);
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(timer);
        process.off("exit", onExit);
        resolve(code === 0);
      });
    });
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
