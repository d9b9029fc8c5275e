import assert from "node:assert/strict";
import { test } from "node:test";
import { isScalar, parseAllDocuments, visit } from "yaml";
import { loadProject } from "../../src/compose/load.ts";
import { type Case, caseRequest, readCases } from "./cases.ts";

const missing = '"${NOBODY_SETS_IT:?needed}"';

/** Ranges of the plain and quoted values of a file, keys left out. */
function valuesIn(text: string): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (const document of parseAllDocuments(text, { uniqueKeys: false })) {
    if (document.errors.length > 0) continue; // this library reads less than Compose does
    visit(document, (key, node) => {
      if (!isScalar(node) || key === "key" || !node.range || node.tag || node.type?.startsWith("BLOCK")) return;
      if (node.range[1] > node.range[0]) found.push([node.range[0], node.range[1]]);
    });
  }
  return found;
}

for (const one of readCases()) {
  if (loadProject(caseRequest(one)).project) {
    test(`loadProject() says one thing of one missing variable, whichever value of ${one.name} needs it`, () => {
      for (const { text, issues } of damaged(one)) {
        const codes = new Set(issues.filter(({ severity }) => severity === "error").map(({ code }) => code));
        codes.delete("INTERPOLATION_REQUIRED");
        assert.deepEqual([...codes], [], text);
      }
    });
  }
}

/** The case with the missing variable in the place of each value of its Compose files, one after the other. */
function* damaged(one: Case) {
  const request = caseRequest(one);
  const { files } = request;
  for (const file of request.composeFiles) {
    const text = new TextDecoder().decode(files.read(file));
    for (const [start, end] of valuesIn(text)) {
      const changed = text.slice(0, start) + missing + text.slice(end);
      const bytes = new TextEncoder().encode(changed);
      const read = (path: string) => path === file ? bytes : files.read(path);
      yield { text: changed, issues: loadProject({ ...request, files: { ...files, read } }).issues };
    }
  }
}
