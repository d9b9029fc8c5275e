import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { desiredState } from "../../src/compose/desired.ts";
import {
  honouredServiceKeys,
  ignoredDeployKeys,
  ignoredServiceKeys,
  refusedServiceKeys,
} from "../../src/compose/keys.ts";
import type { Issue } from "../../src/model/issue.ts";
import { digestKey } from "../../src/model/digest.ts";
import { loadTexts } from "./_load-text.ts";
import { type Case, caseRequest, readCases } from "./cases.ts";
import { caseRoot } from "./corpus-case.ts";

function issuesOf(lines: readonly string[], more = ""): Issue[] {
  const text = ["services:", "  web:", ...lines.map((each) => `    ${each}`), more].join("\n");
  const { project, issues } = loadTexts({ "compose.yaml": text });
  assert.ok(project, JSON.stringify(issues));
  const result = desiredState(project, {
    folders: { checkout: caseRoot, project: caseRoot, secrets: "/run/secrets-of-case" },
    files: new Map(),
    creatableVolumes: [],
    stoppedServices: [],
    digestKey: digestKey(new Uint8Array(32)),
  });
  return [...issues, ...result.issues];
}

const ignored: readonly (readonly [path: string, line: string])[] = [
  ["attach", "attach: false"],
  ["build", "build: ."],
  ["develop", "develop: { watch: [{ path: ., action: rebuild }] }"],
  ["pull_refresh_after", "pull_refresh_after: 1d"],
  ["deploy.placement", "deploy: { placement: { constraints: [node.role == manager] } }"],
  ["deploy.update_config", "deploy: { update_config: { parallelism: 2 } }"],
  ["deploy.rollback_config", "deploy: { rollback_config: { parallelism: 2 } }"],
  ["deploy.endpoint_mode", "deploy: { endpoint_mode: vip }"],
  ["deploy.mode", "deploy: { mode: global }"],
];
for (const [path, line] of ignored) {
  test(`desiredState() warns at its line that ${path} has no effect`, () => {
    const issues = issuesOf(["image: web:1", line]);
    assert.deepEqual(issues.map(({ code, severity }) => [code, severity]), [["KEY_IGNORED", "warning"]]);
    assert.equal(issues[0]!.position?.line, 4);
    assert.match(issues[0]!.message, new RegExp(`^services\\.web\\.${path.replace(".", "\\.")} has no effect: `));
  });
}

test("desiredState() warns of every key that the documentation says it warns of", () => {
  const told = [...Object.keys(ignoredServiceKeys), ...Object.keys(ignoredDeployKeys).map((key) => `deploy.${key}`)];
  assert.deepEqual(ignored.map(([path]) => path).sort(), [...told, "deploy.mode"].sort());
});

const refused: Readonly<Record<string, string>> = {
  credential_spec: "credential_spec: { file: spec.json }",
  models: "models: [m]",
  post_start: "post_start: [{ command: date }]",
  pre_stop: "pre_stop: [{ command: date }]",
  provider: "provider: { type: vpn }",
  use_api_socket: "use_api_socket: true",
};
for (const [key, line] of Object.entries(refused)) {
  test(`desiredState() refuses ${key} at its line, with the reason`, () => {
    const issues = issuesOf(["image: web:1", line], "models: { m: { model: ai/m } }");
    assert.deepEqual(issues.map(({ code, severity }) => [code, severity]), [["KEY_REFUSED", "error"]]);
    assert.equal(issues[0]!.position?.line, 4);
    assert.equal(issues[0]!.message, `services.web.${key}: ${refusedServiceKeys[key]}`);
  });
}

test("desiredState() refuses every key that the documentation says it refuses", () => {
  assert.deepEqual(Object.keys(refused).sort(), Object.keys(refusedServiceKeys).sort());
});

test("desiredState() warns of no key of deploy that is honoured", () => {
  assert.deepEqual(issuesOf(["image: web:1", "deploy: { mode: replicated, replicas: 2 }"]), []);
});

test("desiredState() refuses a build alone, and does not warn of it too", () => {
  assert.deepEqual(issuesOf(["build: ."]).map(({ code }) => code), ["SERVICE_BUILD_ONLY"]);
});

test("every key of the lists stands in a service of a case that Compose loads", () => {
  const services = readCases().filter(({ folder }) => existsSync(join(folder, "expected.json"))).flatMap(servicesOf);
  const written = new Set(services.flatMap((service) => Object.keys(service)));
  const deployed = new Set(services.flatMap(({ deploy }) => Object.keys(deploy ?? {})));
  const listed = [...honouredServiceKeys, ...Object.keys(ignoredServiceKeys), ...Object.keys(refusedServiceKeys)];
  assert.deepEqual(listed.filter((key) => !written.has(key)), []);
  assert.deepEqual(
    ["replicas", "resources", "restart_policy", ...Object.keys(ignoredDeployKeys)].filter((key) => !deployed.has(key)),
    [],
  );
  assert.ok(services.some(({ deploy }) => (deploy as { readonly mode?: string } | undefined)?.mode === "global"));
});

/** The services that a case's Compose files write, of whatever file; one that only Compose can read counts for none. */
function servicesOf(one: Case): readonly Readonly<Record<string, object | null>>[] {
  const { files } = caseRequest(one);
  const texts = files.list("").filter((path) => /\.ya?ml$/.test(path)).map((path) => files.read(path)!);
  return texts.flatMap((bytes) => {
    try {
      return [...parseAllDocuments(new TextDecoder().decode(bytes), { merge: true, logLevel: "silent" })].flatMap(
        (document) => Object.values((document.toJS() as { readonly services?: object } | null)?.services ?? {}),
      );
    } catch {
      return [];
    }
  }).filter((service) => typeof service === "object" && service !== null);
}
