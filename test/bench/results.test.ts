import assert from "node:assert/strict";
import { test } from "node:test";
import { loadOnce, revisionFiles } from "../../build/bench/loading.ts";
import { composeText, fiveFiles } from "../../build/bench/project.ts";
import { renderJson, renderTable, type Row } from "../../build/bench/results.ts";
import { spreadOf } from "../../build/bench/statistics.ts";

test("spreadOf() takes the middle, or the mean of the two in the middle", () => {
  assert.deepEqual(spreadOf([9, 1, 5]), { median: 5, min: 1, max: 9 });
  assert.deepEqual(spreadOf([9, 1, 5, 3]), { median: 4, min: 1, max: 9 });
});

const rows: Row[] = [
  { part: "quiet", size: 12, subject: "Compose", unit: "ms", values: [90, 80, 100], isBaseline: true },
  { part: "quiet", size: 12, subject: "holdfast", unit: "ms", values: [4.5, 9, 4.5] },
  { part: "memory", size: 12, subject: "holdfast", unit: "MB", values: [50] },
];

test("renderTable() gives the others as ratios to the baseline of their part", () => {
  assert.equal(
    renderTable(rows).replaceAll(/ {2,}/g, "  "),
    [
      "\nquiet, 12 services",
      "  Compose  90 ms  [80 .. 100]  × 1.00",
      "  holdfast  4.50 ms  [4.50 .. 9]  × 0.05",
      "\nmemory, 12 services",
      "  holdfast  50 MB",
    ].join("\n"),
  );
});

test("renderJson() keeps every value, with its spread and ratio", () => {
  const { rows: [, second] } = JSON.parse(renderJson(rows, { runs: 3 }));
  assert.deepEqual(second, {
    part: "quiet",
    size: 12,
    subject: "holdfast",
    unit: "ms",
    median: 4.5,
    min: 4.5,
    max: 9,
    ratio: 0.05,
    isBaseline: false,
    values: [4.5, 9, 4.5],
  });
});

test("the projects of the bench load, in one file and in five", () => {
  loadOnce(revisionFiles(new Map([["compose.yaml", composeText(12, 1)]])));
  loadOnce(revisionFiles(fiveFiles(60)));
});
