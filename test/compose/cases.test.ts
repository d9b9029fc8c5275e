import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { longForms } from "../../src/compose/forms/long-forms.ts";
import { defaultRules } from "../../src/compose/forms/defaults.ts";
import { casts } from "../../src/compose/variables/interpolate.ts";
import { honouredServiceKeys, ignoredServiceKeys, refusedServiceKeys } from "../../src/compose/keys.ts";
import { loadProject } from "../../src/compose/load.ts";
import { mergeRules, uniqueRules } from "../../src/compose/merge/merge-rules.ts";
import { serviceConfigHash } from "../../src/compose/desired/config-hash.ts";
import { entriesOf, entry } from "../../src/compose/tree/node.ts";
import { printModel } from "../../src/compose/print.ts";
import { pathRules } from "../../src/compose/files/resolve-paths.ts";
import type { ComposeModel } from "../../src/model/compose.ts";
import { serviceSchema } from "../../src/compose/schema/schema-service.ts";
import { type Case, caseRequest, casesFolder, readCases } from "./cases.ts";
import { readExpectedModel, readExpectedText } from "./corpus-case.ts";

const cases = readCases();
const version = readFileSync(join(casesFolder, "VERSION"), "utf8").trim();

for (const one of cases) {
  const model = join(one.folder, "expected.json");
  if (existsSync(model)) {
    test(`loadProject() makes Compose ${version}'s model of ${one.name}`, () => {
      const { project, issues } = loadProject(caseRequest(one));
      assert.deepEqual(issues.filter((issue) => issue.severity === "error"), []);
      const printed: ComposeModel = JSON.parse(printModel(project!, "json"));
      const expected = readExpectedModel(model) as ComposeModel;
      assert.deepEqual(printed, expected);
      // the config-hash is made of services with their keys in this order
      assert.equal(JSON.stringify(printed.services), JSON.stringify(expected.services));
    });
    test(`printModel() prints Compose ${version}'s YAML of ${one.name}, byte by byte`, () => {
      const { project } = loadProject(caseRequest(one));
      assert.equal(printModel(project!, "yaml"), readExpectedText(join(one.folder, "expected.yaml")));
    });
  } else {
    test(`loadProject() refuses ${one.name}, as Compose ${version} does, and says where and what to do`, () => {
      const { project, issues } = loadProject(caseRequest(one));
      assert.equal(project, undefined);
      const errors = issues.filter((issue) => issue.severity === "error");
      assert.notEqual(errors.length, 0);
      for (const error of errors) {
        assert.ok(error.hint, error.message);
        if (error.code !== "PROJECT_NAME") assert.ok(error.position, error.message);
      }
    });
  }
}

for (const one of cases) {
  const hashes = join(one.folder, "expected.hash");
  // with env files and label files the label that `up` writes, and ours, is another one than `config --hash` prints
  if (!existsSync(hashes) || /env_file|label_file/.test(projectTexts(one))) continue;
  test(`serviceConfigHash() makes Compose ${version}'s hashes of ${one.name}`, () => {
    const services = entry(loadProject(caseRequest(one)).project!.tree, "services");
    const lines = entriesOf(services).map(([key, service]) => `${key} ${serviceConfigHash(service)}`);
    assert.deepEqual(
      lines.sort(),
      readFileSync(hashes, "utf8").trim().split("\n").filter((line) => line !== "").sort(),
    );
  });
}

/** All that stands in the files of a case. */
function projectTexts(one: Case): string {
  const { files } = caseRequest(one);
  return files.list("").map((path) => new TextDecoder().decode(files.read(path))).join("\n");
}

const tables: Readonly<Record<string, object>> = {
  merge: mergeRules,
  unique: uniqueRules,
  long: longForms,
  default: defaultRules,
  path: pathRules,
  cast: casts,
};

test("every rule of the loader's tables has a case", () => {
  const covered = new Set(cases.flatMap((one) => one.options.covers ?? []));
  const rules = Object.entries(tables).flatMap(([name, table]) => Object.keys(table).map((rule) => `${name}:${rule}`));
  assert.deepEqual(rules.filter((rule) => !covered.has(rule)), []);
});

test("no case covers a rule that does not exist", () => {
  const stray = cases.flatMap((one) => one.options.covers ?? []).filter((rule) => {
    const colon = rule.indexOf(":");
    return !Object.hasOwn(tables[rule.slice(0, colon)] ?? {}, rule.slice(colon + 1));
  });
  assert.deepEqual(stray, []);
});

test("every service key of the schema is honoured, ignored or refused, and in one case at least", () => {
  const keys = Object.keys(serviceSchema.keys).sort();
  const listed = [...honouredServiceKeys, ...Object.keys(ignoredServiceKeys), ...Object.keys(refusedServiceKeys)]
    .sort();
  assert.deepEqual(listed, keys);
  const written = cases.map(projectTexts).join("\n");
  assert.deepEqual(keys.filter((key) => !new RegExp(`\\b${key}:`).test(written)), []);
});
