import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ErrorDetails } from "../../src/model/error.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Text of every source file. */
function sources(): ReadonlyMap<string, string> {
  return new Map(
    globSync("src/**/*.ts", { cwd: root }).sort().map((file) => [file, readFileSync(root + file, "utf8")]),
  );
}

/** What can end a failure, by the code of the error: as the sources throw it. */
export function thrownErrors(): ReadonlyMap<string, ReadonlySet<ErrorDetails["retry"]>> {
  const thrown = new Map<string, Set<ErrorDetails["retry"]>>();
  for (const text of sources().values()) {
    for (const call of text.split("new HoldfastError(").slice(1)) {
      const code = /^\s*"([A-Z_]+)"/.exec(call)?.[1];
      if (code === undefined) continue;
      const ends = thrown.get(code) ?? new Set();
      const retry = /^[\s\S]*?\bretry: ([^,\n]+)/.exec(call)?.[1] ?? "";
      for (const [, end] of retry.matchAll(/"(backoff|next-revision|operator)"/g)) {
        ends.add(end as ErrorDetails["retry"]);
      }
      thrown.set(code, ends);
    }
  }
  return thrown;
}

/** Codes that stand in a `code:` of the sources: those of issues and of steps that were not done. */
export function literalCodes(): ReadonlySet<string> {
  const found = [...sources().values()].flatMap((text) => [...text.matchAll(/\bcode: "([A-Z][A-Z_]+)"/g)]);
  return new Set(found.map(([, code = ""]) => code));
}

/** What follows `CONFIG_` and `MANIFEST_` in the issues of the two readers that serve both files. */
export function sharedIssueSuffixes(): ReadonlySet<string> {
  const texts = [...sources()].filter(([file]) => /^src\/config\/_(issues|read-yaml)\.ts$/.test(file)).map(([, text]) =>
    text
  );
  const found = texts.flatMap((text) => [
    ...text.matchAll(/\breport\(translator, [^"`]*"([A-Z_]+)"/g),
    ...text.matchAll(/\breport\(\s*(?:translator, path, )?"([A-Z_]+)"/g),
    ...text.matchAll(/#report\("([A-Z_]+)"/g),
    ...text.matchAll(/\}_([A-Z_]+)`/g),
  ]);
  return new Set(found.map(([, suffix = ""]) => suffix));
}
