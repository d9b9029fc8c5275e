import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestWord } from "../../src/model/nearest.ts";

const known = ["interval", "repository", "ref", "path", "mode"];
const cases: Record<string, string | undefined> = {
  intervall: "interval",
  repositroy: "repository",
  Mode: "mode",
  rfe: "ref",
  banana: undefined,
};
for (const [word, nearest] of Object.entries(cases)) {
  test(`nearestWord() offers ${nearest ?? "nothing"} for "${word}"`, () => {
    assert.equal(nearestWord(word, known), nearest);
  });
}
