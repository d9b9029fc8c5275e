import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface CodeCacheOptions {
  /** V8's options of the binary: it takes no cache that was made with others. */
  readonly execArgv: readonly string[];
}

/**
 * The cache holds hash tables, what threads decided, and what memory held before: with the seed fixed, one thread, and a
 * heap that is not collected, its bytes are the same each time.
 */
const repeatable = ["--random-seed=1", "--predictable", "--initial-old-space-size=128"];

/**
 * What V8 compiles of a program while it does what people ask of it most. With this the binary compiles nothing of that
 * again, and what is not in it only when it is called. The same program gives the same bytes.
 *
 * @param program text of a script whose value is a function, see `_compile.ts`
 * @throws Error when the program fails, or V8 refuses the cache
 */
export function makeCodeCache(program: string, { execArgv }: CodeCacheOptions): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-cache-"));
  try {
    const [script, cache] = [join(folder, "program.cjs"), join(folder, "cache")];
    writeFileSync(script, program);
    const compile = (step: "make" | "check", options: readonly string[]) => {
      const args = [
        ...options,
        ...execArgv,
        fileURLToPath(new URL("_compile.ts", import.meta.url)),
        step,
        script,
        cache,
      ];
      execFileSync(process.execPath, args, { cwd: folder, stdio: "pipe", env: {} });
    };
    compile("make", repeatable);
    compile("check", []);
    return readFileSync(cache);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
