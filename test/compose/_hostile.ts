import { desiredState } from "../../src/compose/desired.ts";
import { limits } from "../../src/compose/limits.ts";
import { digestKey } from "../../src/model/digest.ts";
import { caseRoot } from "./corpus-case.ts";
import { loadTexts } from "./_load-text.ts";

/** What becomes of a hostile input. */
export interface Answer {
  readonly name: string;
  readonly loaded: boolean;
  /** Of errors, each once. */
  readonly codes: readonly string[];
}

/** Loads an input, and makes what the host is to run of it. */
export function answer({ name, files }: HostileInput): Answer {
  const { project, issues } = loadTexts(files);
  const result = project && desiredState(project, {
    folders: { checkout: caseRoot, project: caseRoot, secrets: "/run/secrets-of-case" },
    files: new Map(),
    creatableVolumes: [],
    stoppedServices: [],
    digestKey: digestKey(new Uint8Array(32)),
  });
  const errors = [...issues, ...result?.issues ?? []].filter(({ severity }) => severity === "error");
  // that nothing of a bind is in the repository is no part of what is asked here
  const codes = [...new Set(errors.map(({ code }) => code))].filter((code) => code !== "BIND_SOURCE_MISSING");
  return { name, loaded: project !== undefined && codes.length === 0, codes };
}

/** A file that is meant to keep a loader busy, or to take its memory. */
export interface HostileInput {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Codes of issues of which one has to be found; empty: the project loads. */
  readonly refusedWith: readonly string[];
}

const service = (text: string): string => `services:\n  a:\n    image: x\n${text}`;

/** As large as a file may be. */
const full = limits.fileBytes - 1000;

const small = "services: {a: {image: x}}";

export const hostileInputs: readonly HostileInput[] = [
  { name: "an alias bomb", files: { "compose.yaml": aliasBomb() }, refusedWith: ["YAML_LIMIT"] },
  { name: "a bomb of merge keys", files: { "compose.yaml": mergeBomb() }, refusedWith: ["YAML_LIMIT"] },
  {
    name: "an anchor that contains itself",
    files: { "compose.yaml": "x-a: &a {b: {c: *a}}\nservices: {a: {image: x}}" },
    refusedWith: ["YAML_ALIAS"],
  },
  {
    name: "a merge key that contains itself",
    files: { "compose.yaml": "x-a: &a {<<: *a}\nservices: {a: {image: x}}" },
    refusedWith: ["YAML_ALIAS"],
  },
  {
    name: "an alias that is merged inside its own anchor, through a list",
    files: { "compose.yaml": `x-h: &h\n- inner:\n    <<: *h\n${small}` },
    refusedWith: ["YAML_ALIAS"],
  },
  {
    name: "aliases deep inside each other",
    files: { "compose.yaml": deepAliases("[", "]") },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "merges deep inside each other",
    files: { "compose.yaml": deepAliases("{<<: ", "}") },
    refusedWith: ["YAML_LIMIT"],
  },
  { name: "lists in lists", files: { "compose.yaml": `x-a: ${"[".repeat(20_000)}` }, refusedWith: ["YAML_LIMIT"] },
  { name: "mappings in mappings", files: { "compose.yaml": nested(600) }, refusedWith: ["YAML_LIMIT"] },
  {
    name: "a file of 5 MB",
    files: { "compose.yaml": service(`    labels:\n${"      a: b\n".repeat(500_000)}`) },
    refusedWith: ["COMPOSE_FILE_LIMIT"],
  },
  {
    name: "one long scalar",
    files: { "compose.yaml": service(`    labels: {a: "${"x".repeat(full)}"}`) },
    refusedWith: [],
  },
  {
    name: "many dollars",
    files: { "compose.yaml": service(`    labels: {a: "${"$".repeat(full)}"}`) },
    refusedWith: [],
  },
  {
    name: "many open braces",
    files: { "compose.yaml": service(`    labels: {a: "${"${A:-".repeat(full / 6)}"}`) },
    refusedWith: ["INTERPOLATION_SYNTAX"],
  },
  {
    name: "many nested defaults",
    files: { "compose.yaml": service(`    labels: {a: "${"${A:-".repeat(20_000)}${"}".repeat(20_000)}"}`) },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "many variables",
    files: { "compose.yaml": service(`    labels: {a: "${"${A:-x}".repeat(full / 8)}"}`) },
    refusedWith: [],
  },
  {
    name: "variables that double",
    files: { "compose.yaml": service('    labels: {a: "${V60}"}'), ".env": doublingVariables() },
    refusedWith: ["ENV_FILE_SYNTAX"],
  },
  { name: "many services", files: { "compose.yaml": manyServices(full) }, refusedWith: [] },
  { name: "many documents", files: { "compose.yaml": manyDocuments(full) }, refusedWith: [] },
  { name: "a chain of dependencies", files: { "compose.yaml": dependencyChain(5000) }, refusedWith: [] },
  { name: "a chain of extends", files: { "compose.yaml": extendsChain(2000) }, refusedWith: ["EXTENDS_CYCLE"] },
  {
    name: "files that include each other",
    files: { "compose.yaml": "include: [b/c.yaml]", "b/c.yaml": "include: [../compose.yaml]" },
    refusedWith: ["INCLUDE_CYCLE"],
  },
  { name: "includes that multiply", files: multiplyingIncludes(), refusedWith: ["COMPOSE_FILE_LIMIT"] },
  {
    name: "ranges of all ports",
    files: { "compose.yaml": service(`    ports: [${allPorts(2000)}]`) },
    refusedWith: ["COMPOSE_VALUE"],
  },
  {
    name: "ranges that are exposed by many services",
    files: { "compose.yaml": repeated(2000, (i) => `  s${i}: {image: x, expose: ["1-65535"]}`) },
    refusedWith: ["COMPOSE_VALUE"],
  },
  {
    name: "ranges that are exposed many times",
    files: { "compose.yaml": service(`    expose: [${Array.from({ length: 30_000 }, (_, i) => `"${i + 1}-65535"`)}]`) },
    refusedWith: ["COMPOSE_VALUE"],
  },
  { name: "all ports published", files: { "compose.yaml": service('    ports: ["1-65535"]') }, refusedWith: [] },
  {
    name: "services without end",
    files: { "compose.yaml": service("    scale: 4000000000") },
    refusedWith: ["COMPOSE_VALUE"],
  },
  {
    name: "services that depend on all others",
    files: { "compose.yaml": allDepend(11_000) },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "services that extend the one before them",
    files: {
      "compose.yaml": repeated(
        7000,
        (i) => `  s${i}: {${i ? `extends: s${i - 1}, ` : ""}image: x, labels: {a${i}: b}}`,
      ),
    },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "a long text that many services share",
    files: {
      "compose.yaml": `${repeated(8000, (i) => `  s${i}: {extends: a}`)}\n  a: {image: x, labels: {a: "${
        "x".repeat(200_000)
      }"}}`,
    },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "a large env file that many services name",
    files: {
      "compose.yaml": repeated(500, (i) => `  s${i}: {image: x, env_file: a.env}`),
      "a.env": "A=b\n".repeat(100_000),
    },
    refusedWith: ["COMPOSE_FILE_LIMIT"],
  },
  {
    name: "a large file that is included again and again",
    files: {
      "compose.yaml": `include: [${Array.from({ length: 400 }, (_, i) => `i${i}.yaml`)}]`,
      ...Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`i${i}.yaml`, "include: [sub/big.yaml]"])),
      "sub/big.yaml": manyServices(full),
    },
    refusedWith: ["YAML_LIMIT", "COMPOSE_FILE_LIMIT"],
  },
  {
    name: "many documents that each add a service",
    files: {
      "compose.yaml": Array.from({ length: 13_000 }, (_, i) => `services: {s${i}: {image: x}}`).join("\n---\n"),
    },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "many subnets that are merged",
    files: { "compose.yaml": `${subnets(9000)}\n---\n${subnets(9000)}` },
    refusedWith: ["YAML_LIMIT"],
  },
  {
    name: "many quotes in an env file",
    files: { "compose.yaml": service("    env_file: a.env"), "a.env": "A='\n".repeat(full / 4) },
    refusedWith: [],
  },
  {
    name: "a long line of an env file",
    files: { "compose.yaml": service("    env_file: a.env"), "a.env": `A${" ".repeat(full)}` },
    refusedWith: ["COMPOSE_VALUE"],
  },
];

function repeated(count: number, line: (index: number) => string): string {
  return `services:\n${Array.from({ length: count }, (_, index) => line(index)).join("\n")}`;
}

/** 60 anchors, each with the one before it at the bottom of a hundred levels. */
function deepAliases(open: string, close: string): string {
  const lines = Array.from(
    { length: 60 },
    (_, i) => `x-${i}: &a${i} ${open.repeat(97)}${i > 0 ? `*a${i - 1}` : "{k: v}"}${close.repeat(97)}`,
  );
  return `${lines.join("\n")}\n${small}\n`;
}

function allDepend(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  return `services:\n  all: {image: x, depends_on: [${names}]}\n${
    names.map((name) => `  ${name}: {image: x, extends: all}`).join("\n")
  }`;
}

function subnets(count: number): string {
  const pools = Array.from({ length: count }, (_, i) => `{subnet: 10.${i >> 8}.${i & 255}.0/24}`);
  return `networks: {n: {ipam: {config: [${pools}]}}}`;
}

function allPorts(count: number): string {
  return Array.from({ length: count }, (_, index) => `"127.0.${index >> 8}.${index & 255}:1-65535:1-65535"`).join(", ");
}

function aliasBomb(): string {
  const lines = ["x-0: &x0 [a, a, a, a, a, a, a, a, a]"];
  for (let level = 1; level < 12; level++) {
    lines.push(`x-${level}: &x${level} [${Array(9).fill(`*x${level - 1}`).join(", ")}]`);
  }
  return `${lines.join("\n")}\nservices: {a: {image: x}}\n`;
}

function mergeBomb(): string {
  const lines = ["x-0: &x0 {k0: v}"];
  for (let level = 1; level < 30; level++) {
    lines.push(`x-${level}: &x${level} {k${level}: {<<: [*x${level - 1}, *x${level - 1}]}, l: *x${level - 1}}`);
  }
  return `${lines.join("\n")}\nservices: {a: {image: x}}\n`;
}

function nested(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${" ".repeat(level)}x-${level}:`).join("\n");
}

function doublingVariables(): string {
  return ["V0=0123456789", ...Array.from({ length: 60 }, (_, level) => `V${level + 1}=\${V${level}}\${V${level}}`)]
    .join("\n");
}

export function manyServices(bytes: number): string {
  let text = "services:\n";
  for (let index = 0; text.length < bytes; index++) {
    text +=
      `  s${index}:\n    image: nginx:1.${index}\n    environment: {A: b${index}}\n    volumes: ["./d${index}:/data"]\n`;
  }
  return text;
}

/** Each of the documents is merged into what those before it made. */
export function manyDocuments(bytes: number): string {
  const document = "---\nx-a: 1\n";
  return manyServices(bytes / 2) + document.repeat(bytes / 2 / document.length);
}

function dependencyChain(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `  s${index}: {image: x${index === 0 ? "" : `, depends_on: [s${index - 1}]`}}`,
  );
  return `services:\n${lines.join("\n")}\n`;
}

function extendsChain(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `  s${index}: {image: x${index === count - 1 ? "" : `, extends: s${index + 1}`}}`,
  );
  return `services:\n${lines.join("\n")}\n`;
}

/** Each file includes the two of the next level twice: the number of paths through them doubles with each level. */
function multiplyingIncludes(): Record<string, string> {
  const files: Record<string, string> = { "compose.yaml": "include: [l0/a.yaml, l0/b.yaml]" };
  for (let level = 0; level < 25; level++) {
    const next = level === 24
      ? "services: {z: {image: x}}"
      : `include: [../l${level + 1}/a.yaml, ../l${level + 1}/b.yaml]`;
    files[`l${level}/a.yaml`] = next;
    files[`l${level}/b.yaml`] = next;
  }
  return files;
}
