import assert from "node:assert/strict";
import { test } from "node:test";
import { renderFindingsJson, renderPublishedJson, renderStatusJson } from "../../src/report/json.ts";
import { reportsJsonSchema, reportsSchema } from "../../src/report/json-schema.ts";
import { assertGolden } from "../support/golden.ts";
import { publishReport } from "../../src/report/published.ts";
import type { Report } from "../../src/report/report.ts";
import * as samples from "./samples.ts";

const renderReportsJson = (reports: readonly Report[]) =>
  renderPublishedJson(reports.map((report) => publishReport(report)));

test("renderReportsJson() publishes every part of a pass", () => {
  assertGolden("report/reports.json", renderReportsJson([samples.drift, samples.denied, samples.failedStep]));
});

test("renderReportsJson() never holds what a specification holds", () => {
  const planted = JSON.stringify(samples.drift).includes(samples.plantedSecret);
  assert.ok(planted, "the search must be able to find it");
  assert.ok(!renderReportsJson([samples.drift, samples.failedStep]).includes(samples.plantedSecret));
});

test("renderReportsJson() keeps to its published schema, whatever happened", () => {
  const reports = Object.values(samples).filter((sample) => typeof sample === "object" && "deployment" in sample);
  assert.ok(reports.length > 8);
  reportsSchema.parse(JSON.parse(renderReportsJson(reports)));
  assertGolden("../../docs/report.schema.json", `${JSON.stringify(reportsJsonSchema(), null, 2)}\n`);
});

test("renderFindingsJson() sorts, so that equal findings are equal bytes", () => {
  const { issues } = samples.invalid;
  assert.equal(renderFindingsJson([...issues].reverse(), []), renderFindingsJson(issues, []));
});

test("every JSON form begins with its version and reads back with control characters kept", () => {
  const subject = "a\u009b31m\u202e\u2028b\u0000";
  const texts = [
    renderStatusJson([{ deployment: "web", state: "unknown", tip: { commit: "ab", subject } }]),
    renderReportsJson([{ ...samples.quiet, tip: { commit: "ab", subject } }]),
  ];
  for (const text of texts) {
    assert.equal(Object.keys(JSON.parse(text))[0], "version");
    assert.ok(!/[\u0080-\u009f\u2028\u202e]/.test(text));
    assert.ok(JSON.stringify(JSON.parse(text)).includes(JSON.stringify(subject)));
  }
});
