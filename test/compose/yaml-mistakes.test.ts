import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsIn, loadTexts } from "./_load-text.ts";

const service = (lines: string) => `services:\n  web:\n    image: web:1\n${lines}`;
const two = (lines: string) => `${service(lines)}  db:\n    image: db:1\n    restart: always\n`;

/** One slip of the hand each, with the line that an operator has to mend. */
const mistakes: readonly {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly says: RegExp;
}[] = [
  // indentation: the line that is out of line, not the one where it shows
  {
    name: "a first key indented less than the next",
    text: "services:\n  web:\n   image: web:1\n    restart: always\n    init: true\n",
    line: 3,
    says: /indented otherwise/,
  },
  {
    name: "a first key indented further than the next",
    text: "services:\n  web:\n      image: web:1\n    restart: always\n    init: true\n",
    line: 3,
    says: /indented otherwise/,
  },
  {
    name: "a first line that is indented",
    text: "  name: case\nservices:\n  web:\n    image: web:1\n",
    line: 1,
    says: /indented otherwise/,
  },
  {
    name: "a service indented further than the next",
    text: "services:\n     web:\n    image: web:1\n    restart: always\n  db:\n    image: db:1\n",
    line: 2,
    says: /indented otherwise/,
  },
  {
    name: "a key that left its service",
    text: two("restart: always\n    init: true\n"),
    line: 4,
    says: /indented otherwise/,
  },
  {
    name: "a key below one with a value",
    text: two("      restart: always\n    init: true\n"),
    line: 4,
    says: /further than line 3, which has a value/,
  },
  {
    name: "items below a key with a value",
    text: two("    depends_on: []\n      - db\n"),
    line: 5,
    says: /further than line 4, which has a value/,
  },
  {
    name: "items whose key is missing",
    text: two('    command: ["run"]\n      - 80:80\n      - 81:81\n    init: true\n'),
    line: 5,
    says: /further than line 4, which has a value/,
  },
  {
    name: "a list item indented less than the one before",
    text: two("    ports:\n      - 80:80\n     - 81:81\n"),
    line: 6,
    says: /indented otherwise/,
  },
  {
    name: "the first line of a block of text indented further than the others",
    text: two("    labels:\n      a: |\n          one\n        two\n        three\n"),
    line: 6,
    says: /indented otherwise/,
  },
  {
    name: "a service as far right as its keys",
    text: "services:\n    web:\n    image: web:1\n    init: true\n    environment: { A: b }\n",
    line: 2,
    says: /has nothing below it: "image", "init", "environment" stand beside it/,
  },
  {
    name: "a section as far right as its keys",
    text: two("    healthcheck:\n    test: [NONE]\n    retries: 3\n"),
    line: 4,
    says: /has nothing below it: "test", "retries"/,
  },
  {
    name: "a service as far left as `services`",
    text: "services:\nweb:\n  image: web:1\n",
    line: 1,
    says: /services has nothing below it: "web"/,
  },
  {
    name: "a section whose own line is missing",
    text: "services:\n  web:\n    image: web:1\n    test: [NONE]\n    retries: 3\n",
    line: 4,
    says: /knows no keys "test", "retries" in services.web/,
  },
  {
    name: "a line of a block of text indented less than its first",
    text: two("    command: >\n      a\n     b\n      c\n"),
    line: 6,
    says: /less than the first line of the text/,
  },
  {
    name: "a key that stands twice",
    text: two("    restart:\n    restart: always\n"),
    line: 5,
    says: /stands in line 4/,
  },
  { name: "a number for a key", text: two("    ports:\n      - 8080: 80\n"), line: 5, says: /8080 is not text/ },
  { name: "a byte order mark in a name", text: service("") + "\ufeffx-a: 1\n", line: 4, says: /knows no key/ },
  { name: "a tab before a key", text: two("\trestart: always\n"), line: 4, says: /tab/ },
  { name: "a tab behind a dash", text: two("    ports:\n      - \t80:80\n"), line: 5, says: /tab/ },
  { name: "a line of nothing but a tab", text: two("\t\n    restart: always\n"), line: 4, says: /tab/ },
  {
    name: "a space that is none",
    text: two("\u00a0   restart: always\n"),
    line: 4,
    says: /U\+00A0, which looks like a space/,
  },
  {
    name: "a no-break space behind a colon",
    text: two("    restart:\u00a0always\n    init: true\n"),
    line: 4,
    says: /U\+00A0/,
  },
  {
    name: "a key of an item indented as its dash",
    text: two("    ports:\n      - target: 80\n      published: 80\n"),
    line: 6,
    says: /less than the key behind the `- `/,
  },
  // colons and dashes
  { name: "a key without a colon", text: two("    restart always\n    init: true\n"), line: 4, says: /no `:`/ },
  {
    name: "a section without a colon",
    text: "services\n  web:\n    image: web:1\n",
    line: 1,
    says: /no `:`/,
  },
  {
    name: "a key without a space behind its colon",
    text: two("    restart:always\n    init: true\n"),
    line: 4,
    says: /space is missing behind the `:`/,
  },
  {
    name: "an item without a space behind its dash",
    text: two("    ports:\n      - 80:80\n      -81:81\n"),
    line: 6,
    says: /space is missing behind the `-`/,
  },
  {
    name: "an item without a dash",
    text: two("    ports:\n      - 80:80\n      81:81\n      - 82:82\n"),
    line: 6,
    says: /no `- `/,
  },
  {
    name: "a key with a dash among keys without",
    text: "services:\n  web:\n    - image: web:1\n    restart: always\n",
    line: 3,
    says: /begins a list/,
  },
  { name: "an item behind its key", text: two("    ports: - 80:80\n"), line: 4, says: /middle of a line/ },
  { name: "a colon behind a value", text: two("    user: me:\n    init: true\n"), line: 4, says: /ends with `:`/ },
  { name: "two aliases", text: two("    <<: *a *b\n"), line: 4, says: /^Text follows an alias/ },
  { name: "a list without brackets", text: two('    command: "a", "b"\n'), line: 4, says: /^A comma and more/ },
  { name: "one alias twice", text: two("    labels: *l\n    annotations: *l\n"), line: 4, says: /No anchor/ },
  { name: "a colon in a value", text: two("    command: echo a: b\n"), line: 4, says: /holds `: `/ },
  {
    name: "a number for an item with a space in it",
    text: two("    ports:\n      - 80: 80\n"),
    line: 5,
    says: /80 is not text/,
  },
  { name: "= instead of a colon", text: two("    restart=always\n    init: true\n"), line: 4, says: /no `:`/ },
  // lines of other languages
  {
    name: "the marks of a merge conflict",
    text: two("<<<<<<< HEAD\n    init: true\n=======\n    init: false\n>>>>>>> main\n"),
    line: 4,
    says: /merge conflict/,
  },
  { name: "a mark that a conflict left", text: two("    init: true\n=======\n"), line: 5, says: /merge conflict/ },
  { name: "a fence of Markdown", text: `\`\`\`yaml\n${service("")}`, line: 1, says: /Markdown/ },
  { name: "a comment of another language", text: two("    // why\n    init: true\n"), line: 4, says: /comment/ },
  // quotes and brackets
  {
    name: "a quote that the next quote closes",
    text: two('    command: "run\n    user: "1000"\n    labels: { a: "b" }\n'),
    line: 4,
    says: /^" is not closed/,
  },
  { name: "text behind a quote", text: two('    command: "run" fast\n'), line: 4, says: /Text follows/ },
  {
    name: "text behind a quoted item",
    text: two('    ports:\n      - 80:80\n      - "81":81\n'),
    line: 6,
    says: /^Text follows/,
  },
  {
    name: "a comma behind a line",
    text: two('    ports:\n      - "80:80",\n      - 81:81\n'),
    line: 5,
    says: /^A comma follows/,
  },
  {
    name: "a bracket that is not closed",
    text: two("    ports: [80:80\n    init: true\n"),
    line: 4,
    says: /^\[ is not/,
  },
  {
    name: "a brace above a list",
    text: two("    labels: {a: b\n    ports:\n      - 80:80\n"),
    line: 4,
    says: /^{ is not/,
  },
  { name: "a bracket closed with a brace", text: two("    ports: [80:80}\n"), line: 4, says: /^\[ is closed with }/ },
  { name: "a bracket that closes nothing", text: two("    command: [a]]\n"), line: 4, says: /closes nothing/ },
  {
    name: "a comma missing at a line's end",
    text: two('    command: [\n      "a"\n      "b"\n    ]\n'),
    line: 5,
    says: /comma is missing/,
  },
  {
    name: "a variable in brackets without quotes",
    text: two("    ports: [8080:80, ${PORT}:81]\n"),
    line: 4,
    says: /inside brackets holds a `{` and is not quoted/,
  },
  { name: "two commas", text: two("    command: [a, , b]\n"), line: 4, says: /between two commas/ },
  // characters that YAML keeps for itself
  { name: "a value that begins with @", text: two("    user: @me\n"), line: 4, says: /keeps for itself/ },
  { name: "a value that begins with %", text: two("    user: %me\n"), line: 4, says: /keeps for itself/ },
  { name: "a value that begins with *", text: two("    hostname: *.example.org\n"), line: 4, says: /alias/ },
  { name: "a value that begins with !", text: two("    hostname: !<me\n"), line: 4, says: /tag/ },
  { name: "a value that begins with |", text: two("    command: | grep x\n"), line: 4, says: /Behind `\|`/ },
  { name: "an unknown escape", text: two('    command: "a\\d"\n'), line: 4, says: /backslash/ },
  { name: "a control character", text: two("    command: a\x1bb\n"), line: 4, says: /control character/ },
  { name: "a version of YAML", text: `%YAML 1.2\n---\n${service("")}`, line: 1, says: /%YAML 1\.1/ },
  { name: "a line of a template", text: two("    {%- if debug %}\n    tty: true\n"), line: 4, says: /template/ },
  { name: "a template's first line", text: `{% set a = 1 %}\n${service("")}`, line: 1, says: /template/ },
  { name: "an alias before its anchor", text: two("    labels: *l\n    x-l: &l {}\n"), line: 4, says: /No anchor/ },
  { name: "a merge of a list in a list", text: two("    labels:\n      <<: [[a]]\n"), line: 5, says: /`<<` takes/ },
];

for (const { name, text, line, says } of mistakes) {
  test(`loadProject() names the line to mend: ${name}`, () => {
    const errors = errorsIn({ "compose.yaml": text });
    assert.deepEqual(errors.map(({ position, message }) => [position?.line, message.replace(says, "…") !== message]), [
      [line, true],
    ], errors.map(({ position, message }) => `${position?.line}: ${message}`).join("\n"));
    assert.ok(errors[0]!.hint);
  });
}

test("loadProject() points at the first byte that is no UTF-8", () => {
  const bytes = new TextEncoder().encode(service("    labels: { a: 'x' }\n"));
  bytes[bytes.indexOf("x".charCodeAt(0), bytes.length - 8)] = 0xe4;
  const { issues } = loadTexts({ "compose.yaml": bytes });
  assert.deepEqual(issues.map(({ code, position }) => `${code} ${position?.line}`), ["COMPOSE_FILE_TEXT 4"]);
});

test("loadProject() warns of a misspelled tag, which Compose ignores", () => {
  const { project, issues } = loadTexts({ "compose.yaml": service("    ports: !rest []\n    init: !mine true\n") });
  assert.ok(project);
  assert.deepEqual(issues.map(({ severity, position, hint }) => `${severity} ${position?.line} ${hint}`), [
    'warning 4 did you mean "!reset"?',
  ]);
});
