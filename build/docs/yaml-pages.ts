import { readFileSync } from "node:fs";
import type * as z from "zod";
import { agentSchema } from "../../src/config/agent-config.ts";
import { jsonSchemas } from "../../src/config/json-schema.ts";
import { manifestSchema } from "../../src/config/manifest.ts";
import { containerFields } from "../../src/plan/container-fields.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";
import { exampleOf, type KeyRow, schemaRows } from "./schema-rows.ts";

/** A file that uses every key that is built: the reference takes its examples from it. */
export const agentExample = readExample("agent");
export const manifestExample = readExample("holdfast");

export function agentPage(): string {
  return page(
    "# agent.yaml: one host",
    generatedFrom("the schema in src/config/agent-config.ts"),
    `The host's configuration, \`/etc/holdfast/agent.yaml\` unless \`--config\` says otherwise. YAML 1.2; an unknown key is an
error with its line. Paths are absolute. A key that ends in \`File\` names a file, or with \`credential:NAME\` what systemd
hands to the unit (\`LoadCredential=NAME:/path\`). Durations are written as in Compose: \`30s\`, \`1h30m\`. The agent reads
this file when it starts: restart it after a change.`,
    editorNote("agent", "agent.yaml"),
    "## Every key in one file",
    yamlBlock(agentExample),
    ...reference(agentSchema, agentExample),
    `## What follows from where files lie

- With \`checkout\` left out, the revision's files lie in \`STATE/NAME/checkout\`. That folder is holdfast's own.
- A \`checkout\` outside the state folder is the operator's, such as the clone of a deployment that Compose started. There,
  holdfast never replaces a file that it did not put there, and it takes the project's name from the folder as Compose
  does, where neither manifest nor Compose files name it. In the state folder the default name is the deployment's.
- \`deployments[].path\` is the folder with \`holdfast.yaml\`. Without a manifest the folder's \`compose.yaml\` (or Compose's
  other default names, with its override file) is the deployment.`,
  );
}

export function manifestPage(): string {
  return page(
    "# holdfast.yaml: one deployment",
    generatedFrom("the schema in src/config/manifest.ts"),
    `The deployment's manifest, in git, in the folder that \`deployments[].path\` of [agent.yaml](agent-yaml.md) names. It says
what Compose cannot. Every path in it is relative to the manifest's folder and stays inside the repository; paths inside
Compose files start at the folder of the first Compose file, as Compose has it. An unknown key is an issue with its line.
Every key may be left out: an empty manifest deploys the folder's \`compose.yaml\` under the policies of \`baseline\`.`,
    editorNote("holdfast", "holdfast.yaml"),
    "## Every key in one file",
    yamlBlock(manifestExample),
    ...reference(manifestSchema, manifestExample),
    `## Notes

- A value of \`environment\` is text, a number or a boolean, or \`{ key: PATH }\`: the text of that file of the opened bundle,
  less one line end. The agent's own environment is never read.
- \`when\` asks whether the file is in the revision, never whether it is on the host.
- Ports of \`verify.ports\` are asked at 127.0.0.1. Left out, every TCP port that the deployment publishes under a
  fixed number has to answer, but for ranges of more than ten ports, which a program uses when it needs one (passive FTP);
  those and ports of other protocols are reported as not asked. \`[]\` asks none.
- A waiver ends with its day; from then on the policy judges again. What is waived is still reported.`,
    `## What drift.ignore may name

\`field\` is the key that a service has in Compose, and covers all below it: \`labels\` leaves every label alone,
\`labels.last-scan\` one. The state of a container and its name cannot be left alone. Reports name the same fields in words:`,
    table(["field", "in a report"], comparedFields()),
  );
}

/** JSON Schemas for editors, by file name. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const { agent, manifest } = jsonSchemas();
  return new Map([
    ["agent.schema.json", `${JSON.stringify(agent, undefined, 2)}\n`],
    ["holdfast.schema.json", `${JSON.stringify(manifest, undefined, 2)}\n`],
  ]);
}

function reference(schema: z.ZodType, example: string): string[] {
  const rows = schemaRows(schema);
  const built = rows.filter((row) => row.isBuilt);
  const later = [
    ...rows.filter((row) => !row.isBuilt).map((row) => [code(row.path), row.description]),
    ...rows.filter((row) => row.laterValues.length > 0).map((row) => [
      row.laterValues.map((value) => code(`${row.path}: ${value}`)).join(", "),
      `another value of ${code(row.path)}`,
    ]),
  ];
  return [
    "## Keys",
    "`[]` stands for each item of a list, `NAME` for each name of a mapping. A key without default may be left out unless it is\nrequired.",
    table(["key", "what it takes", "default", "meaning", "example"], built.map((row) => rowCells(row, example))),
    ...(later.length === 0 ? [] : [
      "## Not built yet",
      "These are refused by this version, with a message that says so.",
      table(["key", "what it will be"], later),
    ]),
  ];
}

function rowCells(row: KeyRow, example: string): string[] {
  const shown = row.isParent ? "" : exampleOf(row.path, example) ?? "";
  return [
    code(row.path),
    row.needed,
    row.required ? "required" : code(row.default ?? ""),
    row.description,
    code(shown),
  ];
}

/** What a comparison tells by name comes after the fields that every container has. */
function comparedFields(): string[][] {
  const named = [
    ["image", "image"],
    ["environment.NAME", "environment NAME"],
    ["labels.NAME", "label NAME"],
    ["healthcheck", "health check, health check interval, …"],
    ["volumes./PATH/IN/CONTAINER", "mount, file"],
    ["networks.KEY", "network KEY"],
  ];
  return [...named, ...containerFields.map(({ key, field }) => [key, field])].map((
    [key, words],
  ) => [code(key!), words!]);
}

function editorNote(schema: string, file: string): string {
  return `An editor with a YAML language server completes and checks the file when its first line names
[the schema](schema/${schema}.schema.json), by a path of that machine (absolute, or relative to ${file}) or a URL:

\`\`\`yaml
# yaml-language-server: $schema=/opt/holdfast/docs/schema/${schema}.schema.json
\`\`\``;
}

function yamlBlock(text: string): string {
  return `\`\`\`yaml\n${text.trim()}\n\`\`\``;
}

function readExample(name: string): string {
  return readFileSync(new URL(`./${name}.example.yaml`, import.meta.url), "utf8");
}
