import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../src/compose/explain.ts";
import { formatPosition } from "../../src/model/position.ts";
import { loadTexts, type Texts } from "./_load-text.ts";

/** `how place`, with the variables that were interpolated there. */
function chainOf(texts: Texts, path: string): readonly string[] {
  const environment = new Map([["GIVEN", { value: "given" }]]);
  const { project, issues } = loadTexts(texts, { environment, projectName: undefined });
  assert.ok(project, JSON.stringify(issues));
  const result = explain(project, path);
  if (result.kind === "unknown") assert.fail(JSON.stringify(result));
  return result.explanation.steps.map(({ how, position, variables }) =>
    [
      `${how} ${formatPosition(position)}`,
      ...variables.map(({ name, from, position }) => `${name} ${position ? formatPosition(position) : from}`),
    ].join(" with ")
  );
}

const files = {
  "a.yaml": `name: shop-\${TAG}
x-defaults: &defaults
  restart: always
  stop_signal: \${SIGNAL:-SIGINT}
services:
  web:
    <<: *defaults
    restart: "no"
    image: web:\${TAG}
    env_file: [one.env, two.env]
    label_file: web.labels
    environment:
      BOTH: own
      GIVEN:
      PLAIN: yes
    labels: { owner: ops }
    ports: ["80:80", "81:81"]
    volumes: ["./old:/data"]
  job:
    extends: { file: lib/base.yaml, service: base }
    image: !override job:\${TAG}
`,
  "b.yaml": `services:
  web:
    image: !override web:9
    ports: ["80:80"]
    volumes: ["./new:/data"]
`,
  ".env": "\nTAG=1\n",
  "one.env": "BOTH=1\nTWICE=1\nFILE=x-${TAG}\nGIVEN\n",
  "two.env": "BOTH=2\nTWICE=2\nTWICE=3\nTAG\n",
  "web.labels": "owner=dev\ntier=front\n",
  "lib/base.yaml": "services:\n  base:\n    image: base:1\n",
};

const chains: Readonly<Record<string, readonly string[]>> = {
  "name": ["set a.yaml:1 with TAG .env:2"],
  "services.web.image": ["set b.yaml:3", "replaced a.yaml:9 with TAG .env:2"],
  "services.job.image": ["set a.yaml:21 with TAG .env:2", "replaced lib/base.yaml:3"],
  "services.web.ports[0].published": ["set b.yaml:4", "replaced a.yaml:17"],
  "services.web.ports[1].published": ["set a.yaml:17"],
  "services.web.volumes[0].source": ["set b.yaml:5", "replaced a.yaml:18"],
  "services.web.restart": ["set a.yaml:8", "replaced a.yaml:3"],
  "services.web.stop_signal": ["set a.yaml:4 with SIGNAL unset"],
  "services.web.environment.BOTH": ["set a.yaml:13", "replaced two.env:1", "replaced one.env:1"],
  "services.web.environment.TWICE": ["set two.env:3", "replaced two.env:2", "replaced one.env:2"],
  "services.web.environment.FILE": ["set one.env:3 with TAG .env:2"],
  "services.web.environment.TAG": ["set two.env:4 with TAG .env:2"],
  "services.web.environment.GIVEN": ["set a.yaml:14 with GIVEN given", "replaced one.env:4 with GIVEN given"],
  "services.web.labels.owner": ["set a.yaml:16", "replaced web.labels:1"],
  "services.web.networks.default": ["set b.yaml:2"],
  "networks.default.name": ["set b.yaml:1"],
  "services.web.labels.tier": ["set web.labels:2"],
};
for (const [path, chain] of Object.entries(chains)) {
  test(`explain() tells of ${path} all that had a part in it`, () => {
    assert.deepEqual(chainOf(files, path), chain);
  });
}

test("explain() finds what only YAML prints: x- keys inside services", () => {
  const texts = { "a.yaml": "services:\n  web: { image: x, x-owner: { mail: ops } }\n" };
  assert.deepEqual(chainOf(texts, "service.web.x-owner.mail"), ["set a.yaml:2"]);
});

test("explain() tells that the project's name was given", () => {
  const named = (texts: Texts) => chainOf({ "a.yaml": "services: { web: { image: web:1 } }\n", ...texts }, "name");
  assert.deepEqual(named({ ".env": "COMPOSE_PROJECT_NAME=shop\n" }), ["set a.yaml:1 with COMPOSE_PROJECT_NAME .env:1"]);
  assert.deepEqual(named({}), ["set a.yaml:1"]);
});

test("explain() names the variable of a bare name in an environment, and HOME where a path begins with ~", () => {
  const texts = {
    "compose.yaml": 'services: { web: { image: "web:1", environment: [TAG, GIVEN], volumes: ["~/a:/b"] } }\n',
    ".env": "TAG=1\nHOME=/home/ops\n",
  };
  assert.deepEqual(chainOf(texts, "services.web.environment.TAG"), ["set compose.yaml:1 with TAG .env:1"]);
  assert.deepEqual(chainOf(texts, "services.web.environment.GIVEN"), ["set compose.yaml:1 with GIVEN given"]);
  assert.deepEqual(chainOf(texts, "services.web.volumes[0].source"), ["set compose.yaml:1 with HOME .env:2"]);
});
