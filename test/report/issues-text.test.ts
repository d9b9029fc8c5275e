import assert from "node:assert/strict";
import { test } from "node:test";
import type { Issue } from "../../src/model/issue.ts";
import { issueSummary, renderIssues } from "../../src/report/issues-text.ts";
import { linesText } from "../../src/report/line.ts";
import { renderVerdicts, verdictSummary } from "../../src/report/verdicts-text.ts";
import { assertGolden } from "../support/golden.ts";
import * as samples from "./samples.ts";

const sources = new Map([
  ["docker-compose.yml", ["services:", "  web:", "    environment:", "", "", "", "        - HOME"].join("\n")],
  ["production/config/prod.yml", `${"\n".repeat(11)}\tx:\t- 9000:9000`],
]);

test("renderIssues() shows each in its file, with the line it points to", () => {
  assertGolden("report/issues.txt", linesText(renderIssues(samples.invalid.issues, sources)));
});

test("renderVerdicts() shows each with its reason, and no hint where it is waived", () => {
  assertGolden("report/verdicts.txt", linesText(renderVerdicts(samples.denied.verdicts, sources)));
});

test("renderIssues() keeps the caret below its column in a long line", () => {
  const text = `${"a".repeat(500)}HERE${"b".repeat(500)}`;
  const issue = at({ file: "x.yml", line: 1, column: 501 });
  const [, source, caret] = renderIssues([issue], new Map([["x.yml", text]])).map((each) => each.text);
  assert.equal(source?.indexOf("HERE"), caret?.indexOf("^"));
  assert.ok((source ?? "").length < 160);
});

test("renderIssues() survives a position beyond the text", () => {
  const issue = at({ file: "x.yml", line: 9, column: 3 });
  assert.equal(renderIssues([issue], new Map([["x.yml", "a: 1\n"]])).length, 1);
});

test("summaries count in words, and say nothing of nothing", () => {
  assert.equal(issueSummary(samples.invalid.issues), "1 error, 1 warning");
  assert.equal(issueSummary([]), undefined);
  assert.equal(verdictSummary(samples.denied.verdicts), "1 denied, 1 waived");
  assert.equal(verdictSummary([]), undefined);
});

function at(position: Issue["position"]): Issue {
  return { code: "X", severity: "error", message: "x", position };
}
