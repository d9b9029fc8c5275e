import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the files of an area may import of ours, beside their own area. The table of ARCHITECTURE.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  config: ["model"],
  compose: ["model"],
  policy: ["model"],
  policies: ["model", "policy"],
  plan: ["model"],
  report: ["model", "plan", "policy"],
  ports: ["model"],
  agent: ["model", "config", "compose", "policy", "policies", "plan", "report", "ports"],
  adapter: ["model", "ports", "config"],
  cli: ["model", "config", "report", "agent", "ports"],
  http: ["model", "config", "report", "agent", "ports"],
};

/** Values in, values out: no files, network, clock, randomness, environment or logging. */
const PURE = ["model", "config", "compose", "policy", "policies", "plan", "report"];

/** Of Node's modules: these have no effect and ask nothing of the machine. */
const WITHOUT_EFFECTS = ["node:crypto", "node:path/posix", "node:util"];

/** Globals that are effects, or differ from run to run. */
const IMPURE = [
  /\bprocess\./,
  /\bconsole\./,
  /\bDate\.now\(/,
  /\bnew Date\(\)/,
  /\bMath\.random\(/,
  /\bperformance\./,
  /\bset(?:Timeout|Interval|Immediate)\(/,
  /\bfetch\(/,
  /\brandom(?:Bytes|UUID|Int)\(/,
];

/** Where each library is at home. A library that is not here is not used. */
const LIBRARIES: Readonly<Record<string, RegExp>> = {
  commander: /^src\/cli\//,
  dockerode: /^src\/adapters\/docker\//,
  "isomorphic-git": /^src\/adapters\/git\//,
  openpgp: /^src\/adapters\/openpgp\//,
  "tar-stream": /^src\/adapters\/tar\//,
  yaml: /^src\/(config|compose)\//,
  zod: /^(policies|src\/(config|policy|report|agent|adapters))\//,
};

interface Import {
  readonly file: string;
  /** When it is evaluated: with the file that imports it, when that asks for it, or (types) never. */
  readonly when: "start" | "later" | "never";
  /** As it is written. */
  readonly specifier: string;
  /** From the root, for a file of ours. */
  readonly target?: string;
}

const sources = globSync(["src/**/*.ts", "policies/**/*.ts"], { cwd: root }).sort();
const texts = new Map(sources.map((file) => [file, withoutComments(readFileSync(join(root, file), "utf8"))]));
const imports = sources.flatMap(importsOf);

test("an area imports only what the table allows", () => {
  assert.deepEqual(
    broken(({ file, target }) => {
      const [from, to] = [areaOf(file), target && areaOf(target)];
      return to === undefined || from === "wire" || from === to ||
        MAY_IMPORT[nameOf(from)]?.includes(nameOf(to)) === true;
    }),
    [],
  );
});

test("no adapter imports another", () => {
  assert.deepEqual(
    broken(({ file, target = "" }) => !isAdapter(file) || !isAdapter(target) || areaOf(file) === areaOf(target)),
    [],
  );
});

test("pure areas use none of Node's modules but those without effects, and the agent reaches the world through ports", () => {
  const bound = (file: string): boolean => isPure(file) || areaOf(file) === "agent";
  assert.deepEqual(
    broken(({ file, specifier }) =>
      !bound(file) || !specifier.startsWith("node:") || WITHOUT_EFFECTS.includes(specifier)
    ),
    [],
  );
});

test("pure areas use no global that is an effect or differs from run to run", () => {
  const found = sources.filter(isPure).flatMap((file) =>
    IMPURE.filter((pattern) => pattern.test(texts.get(file)!)).map((pattern) => `${file}: ${pattern.source}`)
  );
  assert.deepEqual(found, []);
});

test("each library is imported only where it is at home", () => {
  assert.deepEqual(
    broken(({ file, specifier }) => {
      if (/^(\.|node:)/.test(specifier)) return true;
      const library = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
      return LIBRARIES[library]?.test(file) === true;
    }),
    [],
  );
});

test("a command evaluates no library that it does not need: the parts of the program are imported when they are asked for", () => {
  assert.deepEqual(librariesAtTheStartOf("src/main.ts"), ["commander"]);
  assert.deepEqual(librariesAtTheStartOf("src/wire-folder.ts"), []);
});

test("each library of package.json is used", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(dependencies).sort(), Object.keys(LIBRARIES).sort());
});

test("zod is imported as a namespace, which leaves its fifty languages out of the binary", () => {
  assert.deepEqual(sources.filter((file) => /^import (?:type )?\{[^}]*\} from "zod";/m.test(texts.get(file)!)), []);
});

test("a file is imported as what it is: with its ending, and never through an index", () => {
  assert.deepEqual(broken(({ specifier }) => !specifier.startsWith(".") || /\.(ts|json)$/.test(specifier)), []);
  assert.deepEqual(sources.filter((file) => basename(file) === "index.ts"), []);
});

test("a file with _ is imported in its own folder only", () => {
  assert.deepEqual(
    broken(({ file, target = "" }) => !basename(target).startsWith("_") || dirname(file) === dirname(target)),
    [],
  );
});

test("only main.ts ends the process", () => {
  const found = sources.filter((file) => file !== "src/main.ts" && /\bprocess\.(exit|abort)\(/.test(texts.get(file)!));
  assert.deepEqual(found, []);
});

test("nothing starts a program but the adapter for systemd", () => {
  const allowed = /^src\/adapters\/systemd\//;
  assert.deepEqual(broken(({ file, specifier }) => specifier !== "node:child_process" || allowed.test(file)), []);
});

test("nothing imports the files that join all parts", () => {
  assert.deepEqual(broken(({ file, target = "" }) => areaOf(target) !== "wire" || areaOf(file) === "wire"), []);
});

/** `src/main.ts → node:fs` for each import that does not keep a rule. */
function broken(keeps: (what: Import) => boolean): string[] {
  return imports.filter((what) => !keeps(what)).map(({ file, specifier }) => `${file} → ${specifier}`);
}

function importsOf(file: string): Import[] {
  const text = texts.get(file)!;
  const found = (when: Import["when"], pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, specifier = ""]) => ({ when, specifier }));
  return [
    ...found("start", /^(?:import|export)\b(?! type\b)[^;"]*?\bfrom\s*"([^"]+)"/gm),
    ...found("never", /^(?:import|export) type\b[^;"]*?\bfrom\s*"([^"]+)"/gm),
    ...found("start", /^import\s*"([^"]+)"/gm),
    ...found("later", /\bimport\(\s*"([^"]+)"/g),
    ...found("later", /\brequire\(\s*"([^"]+)"/g),
  ].map(({ when, specifier }) => ({
    file,
    when,
    specifier,
    ...(specifier.startsWith(".") ? { target: join(dirname(file), specifier) } : {}),
  }));
}

/** What is evaluated before a file's own first line. */
function librariesAtTheStartOf(file: string): string[] {
  const evaluated = new Set([file]);
  const libraries = new Set<string>();
  for (const each of evaluated) {
    for (const { specifier, target } of imports.filter((what) => what.file === each && what.when === "start")) {
      if (target !== undefined) evaluated.add(target);
      else if (!specifier.startsWith("node:")) libraries.add(specifier);
    }
  }
  return [...libraries].sort();
}

/** Line comments only where they start a line or follow a space: not the `//` of a URL. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

function areaOf(file: string): string {
  const [top = "", area = "", adapter] = file.split("/");
  if (top === "policies") return "policies";
  if (top !== "src") return top;
  if (area === "adapters") return `adapters/${adapter}`;
  return area.endsWith(".ts") ? "wire" : area;
}

function nameOf(area: string): string {
  return area.startsWith("adapters/") ? "adapter" : area;
}

function isAdapter(file: string): boolean {
  return areaOf(file).startsWith("adapters/");
}

function isPure(file: string): boolean {
  return PURE.includes(areaOf(file));
}
