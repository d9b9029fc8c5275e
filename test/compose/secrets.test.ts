import assert from "node:assert/strict";
import { test } from "node:test";
import { desiredState } from "../../src/compose/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import { caseRoot } from "./corpus-case.ts";
import { loadTexts } from "./_load-text.ts";

/** Must be found nowhere but in the model and in secret files. */
const planted = "PLANTED-8f3a";
const environment = new Map([["SECRET", { value: planted, secret: true }], ["PLAIN", { value: "plain" }]]);

test("loadProject() follows a secret through interpolation, merging and env files", () => {
  const { project } = loadTexts({
    "a.yaml": `services:
  a:
    image: "x:\${PLAIN}"
    command: run --password=\${SECRET} now
    environment: ["A=\${SECRET}", SECRET, "B=\${PLAIN}", "C=\${PLAIN:+\${SECRET}}", "D=\${PLAIN:-\${SECRET}}"]
    labels: { l: "\${SECRET}" }
    env_file: a.env
secrets: { s: { environment: SECRET } }
`,
    "b.yaml": "services: {a: {environment: {E: 'x\${SECRET}'}, labels: {m: plain}}}\n",
    "a.env": "F=${SECRET}\nG=plain\n",
  }, { environment });
  assert.deepEqual([...project!.secretPaths].sort(), [
    "services.a.command[0]",
    "services.a.command[1]",
    "services.a.command[2]",
    "services.a.environment.A",
    "services.a.environment.C",
    "services.a.environment.E",
    "services.a.environment.F",
    "services.a.environment.SECRET",
    "services.a.labels.l",
  ]);
});

const badUses = [
  "image: x\n    ports: ['${SECRET}']",
  "image: x\n    mem_limit: ${SECRET}",
  "image: x\n    cpus: ${SECRET}",
  "image: x\n    volumes: ['a:b:c:${SECRET}']",
  "image: x\n    volumes: ['./${SECRET}:/x']",
  "image: x\n    restart: ${SECRET}",
  'image: x\n    command: "\'${SECRET}"',
  "image: x\n    mac_address: ${SECRET}",
  "image: x\n    networks: ['${SECRET}']",
  "image: x\n    expose: ['${SECRET}']",
  "image: x\n    stop_grace_period: ${SECRET}",
  "image: x\n    security_opt: ['seccomp=${SECRET}']",
  'image: "${NOPE:?${SECRET}}"',
  "image: x\n    pull_policy: ${SECRET}",
  "image: x\n    configs: [{source: c, uid: '${SECRET}'}]",
];
for (const use of badUses) {
  test(`no issue shows a secret: ${use.replaceAll(/\s+/g, " ")}`, () => {
    const text = `services:\n  a:\n    ${use}\nconfigs: { c: { content: x } }\n`;
    const { project, issues } = loadTexts({ "compose.yaml": text }, { environment });
    const desired = project && desiredState(project, {
      folders: { checkout: caseRoot, project: caseRoot, secrets: "/run/secrets-of-case" },
      files: new Map(),
      creatableVolumes: [],
      stoppedServices: [],
      digestKey: digestKey(new Uint8Array(32)),
    });
    const all = [...issues, ...desired?.issues ?? []];
    assert.ok(all.some(({ severity }) => severity === "error"), "the use is refused");
    assert.equal(JSON.stringify(all).includes(planted), false, JSON.stringify(all));
  });
}
