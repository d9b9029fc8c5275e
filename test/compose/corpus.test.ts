import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadProject } from "../../src/compose/load.ts";
import { printableModel } from "../../src/compose/print.ts";
import { readExpectedModel, requestOf } from "./corpus-case.ts";
import { corpusExceptions } from "./corpus-exceptions.ts";

/** Public projects with what the real Compose says of each; beside the repository, not in it. */
const corpus = join(import.meta.dirname, "../../../shared/data/compose");
const groups = ["mender", "spec"];

if (!existsSync(corpus)) {
  test("the corpus of public projects", (context) => context.diagnostic(`optional: ${corpus} is not on this machine`));
} else {
  for (const group of groups) {
    for (const name of readdirSync(join(corpus, group)).sort()) compareCase(group, name);
  }

  test("every exception names a case of the corpus", () => {
    const names = new Set(groups.flatMap((group) => readdirSync(join(corpus, group))));
    assert.deepEqual(Object.keys(corpusExceptions).filter((name) => !names.has(name)), []);
  });
}

function compareCase(group: string, name: string): void {
  const folder = join(corpus, group, name);
  const expected = join(folder, "expected.json");
  const answer = () =>
    loadProject(requestOf(join(folder, "project"), readFileSync(join(folder, "cmd.txt"), "utf8").trim()));
  const equals = () => {
    const { project, issues } = answer();
    if (!existsSync(expected)) return assert.equal(project, undefined, "Compose refuses it");
    assert.deepEqual(issues.filter((issue) => issue.severity === "error"), []);
    assert.deepEqual(JSON.parse(JSON.stringify(printableModel(project!.model))), readExpectedModel(expected));
  };
  const exception = corpusExceptions[name];
  if (exception === undefined) test(`${group}/${name} is as Compose has it`, equals);
  else test(`${group}/${name} is not as Compose has it: ${exception}`, () => assert.throws(equals));
}
