import {
  globalModeReason,
  honouredServiceKeys,
  ignoredDeployKeys,
  ignoredServiceKeys,
  refusedServiceKeys,
} from "../../src/compose/keys.ts";
import { casts } from "../../src/compose/variables/interpolate.ts";
import { budgets, limits } from "../../src/compose/limits.ts";
import { type MergeRule, mergeRules, type UniqueRule, uniqueRules } from "../../src/compose/merge/merge-rules.ts";
import { composeVersion } from "../../src/model/labels.ts";
import { checkedBeyondCompose, type Claim, wantedDifferences } from "./compose-claims.ts";
import { formTables } from "./compose-forms.ts";
import { configsAndSecretsSection, envFilesSection, migrationSection } from "./compose-guide.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

const mergeWords: Readonly<Record<MergeRule, string>> = {
  replace: "the later value replaces the earlier one; an empty one clears it",
  entries: "lists and mappings become one list of `key=value`; the later entry of a key wins",
  names: "a list of names and a mapping become one mapping",
  dependencies: "the same; a bare name stands for `condition: service_started`",
  build: "a text is the `context` of a mapping",
  hosts: "lists append, without what is there already",
  logging: "another `driver` replaces the whole; the same driver merges the options",
  subnets: "merged by `subnet`",
};

const uniqueWords: Readonly<Record<UniqueRule, string>> = {
  name: "the text before `=`",
  target: "the path inside the container",
  device: "the path inside the container",
  port: "address, published port, target and protocol together",
  text: "the text",
  config: "the target, `/NAME` when it is not given",
  secret: "the target, `/run/secrets/NAME` when it is not given",
  "env-file": "the path",
};

const castWords = { int: "a whole number", float: "a number", float32: "a number", bool: "true or false" } as const;

/** docs/compose.md. */
export function composePage(): string {
  return page(
    "# Compose files",
    generatedFrom("the tables in src/compose"),
    `holdfast loads Compose files as Docker Compose ${composeVersion} does: the Compose Specification and the legacy forms of
2.x and 3.x files. \`holdfast config\` prints the model that \`docker compose config\` prints for the same files: as YAML the
same text, as JSON the same values. What is read and cannot be honoured is refused with file, line and reason.`,
    ...migrationSection(),
    ...serviceKeysSection(),
    "## YAML",
    `Files are read as Compose reads them: YAML 1.2's types (\`yes\` and \`no\` are text, \`0777\` is octal all the same), merge
keys, anchors that hold from one document of a file to the next, and \`a:\` in brackets for a key without a value. Refused,
as by Compose, although other readers take it: \`%YAML 1.2\` (only \`%YAML 1.1\`, or no such line), a tab behind \`- \` or in a
line that is otherwise empty, \`\\/\` in double quotes, a key over 1024 characters, \`<<\` twice in one mapping.`,
    "A mistake is said at the line to mend: where a line is indented wrongly, that line and not the next one; where a quote or a bracket is left open, the one that opens.",
    ...variablesSection(),
    ...envFilesSection(),
    ...mergingSection(),
    "## Canonical form",
    ...formTables(),
    ...configsAndSecretsSection(),
    "## Checked beyond Compose",
    "What Compose accepts, and what fails later or does something else than it says:",
    claims(checkedBeyondCompose),
    "## Where holdfast differs on purpose",
    claims(wantedDifferences),
    `- A key that stands twice in one mapping is refused, as Compose refuses it; with \`duplicateKeys: last\` in holdfast.yaml the
  last one is taken, with a warning.
- \`volumes_from: [x:ro]\` mounts for reading, as it says; Compose drops the mode and mounts for writing. An SELinux label of
  a bind (\`selinux\`) counts in the long form without \`create_host_path\` too.
- \`docker compose config\` cannot print \`build.ssh\` with a path as JSON; holdfast prints it. An \`x-\` key among \`networks\` is
  an extension, as elsewhere; in a mapping of labels, variables or options it is a name like any other, where Compose makes
  \`#extensions: map[x-…]\` of it.
- A line separator of Unicode (U+2028, U+2029) is printed escaped: Compose breaks the line there.
- Limits, so that no file can keep the agent busy: ${limits.fileBytes / 1024} KiB a file, ${
      limits.totalBytes / 1024
    } KiB and
  ${limits.files} files together, ${limits.depth} levels of YAML, ${limits.extendsDepth} \`extends\` in a row,
  ${limits.templateDepth} levels of \`\${A:-\${B:-…}}\`, ${budgets.aliasNodes} values that aliases expand to,
  ${budgets.includes} inclusions, ${budgets.ports} published ports that ranges expand to, ${limits.servicePorts} ports that
  are published or exposed, ${limits.containers} containers. They count what comes out, before it is made: merged files have at
  most ${budgets.values} values and ${
      budgets.characters / 1024 / 1024
    } MiB of text, with what services share counted in each.`,
  );
}

function serviceKeysSection(): string[] {
  return [
    "## Service keys",
    "### Honoured",
    honouredServiceKeys.map((key) => code(key)).join(", ") + ".",
    "Of `deploy`, a host without a swarm honours what Compose does there: `replicas`, `resources` and `restart_policy`.",
    `Of \`pull_policy\`, \`always\` pulls whenever a container is made and \`never\` not at all; with any other, an image is pulled
when it is missing.`,
    "### Accepted, without effect on a server",
    "Each is told in a warning (`KEY_IGNORED`).",
    table(["key", "why"], [
      ...Object.entries(ignoredServiceKeys).map(([key, why]) => [code(key), why]),
      ...Object.entries(ignoredDeployKeys).map(([key, why]) => [code(`deploy.${key}`), why]),
      ["`deploy.mode: global`", globalModeReason],
    ]),
    "### Refused",
    "`config` prints them; `check`, `plan`, `apply` and `run` refuse a revision that has one.",
    table(["key", "why"], Object.entries(refusedServiceKeys).map(([key, why]) => [code(key), why])),
  ];
}

function variablesSection(): string[] {
  return [
    "## Variables",
    `Variables stand in values, never in keys; each file is interpolated before it is merged. They come from \`environment\`
of holdfast.yaml, which wins, and from \`.env\` in the folder of the first Compose file, unless COMPOSE_DISABLE_ENV_FILE is
true. PWD is the project directory where nothing else is given.`,
    table(["form", "becomes"], [
      ["`$NAME`, `${NAME}`", "the value; an empty text and a warning when it is unset"],
      ["`${NAME:-word}`, `${NAME-word}`", "the value; `word` when it is unset (or empty, with `:`)"],
      ["`${NAME:?word}`, `${NAME?word}`", "the value; an error that says `word` when it is unset (or empty, with `:`)"],
      ["`${NAME:+word}`, `${NAME+word}`", "`word` when it is set (and not empty, with `:`), else an empty text"],
      ["`$$`", "one `$`"],
    ]),
    `\`word\` may hold variables itself. A \`$\` before anything that begins no name stays as it is. A variable that comes from a
key of the bundle makes everything it flows into a secret: reports show it as a digest.`,
    "Where a key takes a number or a boolean, the text behind a variable is read as one:",
    table(["path", "read as"], Object.entries(casts).map(([path, cast]) => [code(path), castWords[cast]])),
  ];
}

function mergingSection(): string[] {
  return [
    "## Merging",
    `A later file is merged over an earlier one, and a service over the one that it extends: mappings key by key, lists append,
anything else is replaced, and an empty value (\`key:\`) keeps what is there. \`!reset\` takes out what earlier files say,
\`!override\` puts its value in the place of theirs. Other rules:`,
    table(["path", "rule"], Object.entries(mergeRules).map(([path, rule]) => [code(path), mergeWords[rule]])),
    "In these lists a later item takes the place of the earlier one that is the same by:",
    table(
      ["path", "what makes two items the same"],
      Object.entries(uniqueRules).map(([path, rule]) => [code(path), uniqueWords[rule]]),
    ),
  ];
}

function claims(list: readonly Claim[]): string {
  return list.map(({ what, code: issue, severity }) =>
    `- ${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, "")}: ${severity} ${code(issue)}.`
  ).join("\n");
}
