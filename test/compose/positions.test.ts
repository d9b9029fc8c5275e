import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../src/compose/explain.ts";
import { formatIssue } from "../../src/model/issue.ts";
import { formatPosition } from "../../src/model/position.ts";
import { loadTexts } from "./_load-text.ts";

const files = {
  "a.yaml": `include: [lib/db.yaml]
services:
  web:
    extends: { file: lib/base.yaml, service: base }
    image: "nginx:\${TAG:-1}"
    environment:
      - A=1
      - B=2
    ports: ["80:80"]
`,
  "b.yaml": `services:
  web:
    environment:
      B: 3
    ports:
      - "443:443"
`,
  "lib/base.yaml": `services:
  base:
    restart: always
    labels:
      com.example.team: ops
`,
  "lib/db.yaml": `services:
  db:
    image: postgres:17
    env_file: db.env
`,
  "lib/db.env": "# password\nPASSWORD=x\n",
};

const project = loadTexts(files).project!;

const places: Readonly<Record<string, string>> = {
  "services.web.image": "a.yaml:5",
  "services.web.environment.A": "a.yaml:7",
  "services.web.environment.B": "b.yaml:4",
  "services.web.ports[0].target": "a.yaml:9",
  "services.web.ports[1]": "b.yaml:6",
  "services.web.restart": "lib/base.yaml:3",
  "services.web.labels.com.example.team": "lib/base.yaml:5",
  "services.db.image": "lib/db.yaml:3",
  "services.db.environment.PASSWORD": "lib/db.env:2",
  "services.web.nothing.of.that.kind": "b.yaml:2",
  "networks.default.name": "b.yaml:1",
};

for (const [path, place] of Object.entries(places)) {
  test(`positionOf() finds ${path} in ${place}`, () => {
    assert.equal(formatPosition(project.positionOf(path)!), place);
  });
}

function explanation(path: string) {
  const result = explain(project, path);
  assert.equal(result.kind, "explained");
  return result.kind === "explained" ? result.explanation : assert.fail();
}

test("explain() tells which file set a value and which it overrode", () => {
  const chain = (path: string) =>
    explanation(path).steps.map(({ how, position }) => `${how} ${formatPosition(position)}`);
  assert.deepEqual(chain("services.web.environment.B"), ["set b.yaml:4", "replaced a.yaml:8"]);
  assert.deepEqual(chain("service.web.ports"), ["set b.yaml:5", "merged a.yaml:9"]);
  assert.deepEqual(chain("services.web"), ["set b.yaml:2", "merged a.yaml:3", "merged lib/base.yaml:2"]);
});

test("explain() tells what was interpolated, in what was overridden too, and where it is set", () => {
  const { project } = loadTexts({
    "a.yaml": 'services: { web: { image: "x:$TAG", environment: ["A=$OLD"], ports: ["$PORT:80"] } }\n',
    "b.yaml": 'services: { web: { environment: { A: "${NEW:-$GIVEN}" }, ports: ["$PORT:443"] } }\n',
    ".env": "TAG=1\nPORT=8080\nOLD=1\n",
  }, { environment: new Map([["GIVEN", { value: "x" }]]) });
  const variables = (path: string) => {
    const result = explain(project!, path);
    return result.kind === "unknown"
      ? result
      : result.explanation.steps.map((step) =>
        step.variables.map(({ name, from, position }) => `${name} ${position ? formatPosition(position) : from}`).join()
      );
  };
  assert.deepEqual(variables("service.web.image"), ["TAG .env:1"]);
  assert.deepEqual(variables("service.web.environment.A"), ["GIVEN given,NEW unset", "OLD .env:3"]);
  assert.deepEqual(variables("service.web.ports"), ["PORT .env:2", ""]);
});

test("explain() knows no path that the model lacks, and names the one that was meant", () => {
  const unknown = (path: string) => explain(project, path);
  assert.deepEqual(unknown("service.web.prots[0]"), {
    kind: "unknown",
    parent: "services.web",
    suggestion: "services.web.ports",
  });
  assert.deepEqual(unknown("sevice.web"), { kind: "unknown", parent: "", suggestion: "services" });
  assert.deepEqual(unknown("services.web.ports[7]"), { kind: "unknown", parent: "services.web.ports" });
  assert.deepEqual(unknown("services.web.labels.com.example.taem"), {
    kind: "unknown",
    parent: "services.web.labels",
    suggestion: "services.web.labels.com.example.team",
  });
});

test("loadProject() reports every cause once, in order of place", () => {
  const { issues } = loadTexts({
    "compose.yaml": `services:
  a:
    imgae: x
    networks: [nope]
    depends_on: [b]
  b:
    image: 5
    mem_limit: 5q
  c:
    image: "\${X:?has to be set}"
    env_file: none.env
volumes: { d: { drivr: x } }
`,
  });
  assert.deepEqual(issues.map((issue) => `${formatIssue(issue)} [${issue.hint}]`), [
    'compose.yaml:3: Compose knows no key "imgae" in services.a [did you mean "image"?]',
    'compose.yaml:4: The service "a" uses the network "nope", which is not defined [define it below `networks:` at the top of a file]',
    "compose.yaml:7: services.b.image is a number (5), not text [put the value in quotes]",
    'compose.yaml:8: services.b.mem_limit is "5q", not a size [write a size such as 512m, 2g or a number of bytes]',
    "compose.yaml:10: The variable X is missing: has to be set [set X in `environment` of holdfast.yaml or in .env]",
    'compose.yaml:11: The env file "none.env" is missing [add the file, committed for a deployment, or mend the path]',
    'compose.yaml:12: Compose knows no key "drivr" in volumes.d [did you mean "driver"?]',
  ]);
});

const syntax = [
  {
    name: "a bracket that is not closed",
    text: "services:\n  a:\n    image: x\n    ports: [1, 2\n    command: y\n",
    place: "4:12",
  },
  { name: "a quote that is not closed", text: 'services:\n  a:\n    image: "x\n    command: y\n', place: "3:12" },
  { name: "a line indented too far", text: "services:\n  a:\n    image: x\n     command: y\n", place: "4:6" },
  { name: "a line indented too little", text: "services:\n  a:\n    image: x\n   command: y\n", place: "4:4" },
  { name: "a list item indented otherwise", text: "services:\n  a:\n    ports:\n    - a\n   - b\n", place: "5:4" },
  { name: "a tab", text: "services:\n\ta: {image: x}\n", place: "2:1" },
  { name: "a colon in a value", text: "services:\n  a:\n    command: echo a: b\n", place: "3:14" },
  { name: "a key without colon", text: "services:\n  web\n    image: x\n", place: "2:3" },
];
for (const { name, text, place } of syntax) {
  test(`loadProject() reports ${name} where it stands`, () => {
    const { issues } = loadTexts({ "compose.yaml": text });
    assert.deepEqual(issues.map(({ code, position }) => `${code} ${position?.line}:${position?.column}`), [
      `YAML_SYNTAX ${place}`,
    ]);
  });
}
