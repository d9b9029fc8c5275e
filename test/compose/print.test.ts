import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { printModel } from "../../src/compose/print.ts";
import { compareKeys } from "../../src/compose/print/key-order.ts";
import { loadTexts } from "./_load-text.ts";
import { testProperty } from "../support/property.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..." \n\t#:-'\"[]{}&*!|>%@`?,ax01.") }),
);
const name = text.filter((key) => key !== "" && key !== "__proto__" && key !== "<<");
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

testProperty(
  "printModel() writes any text and structure as YAML that a reader of YAML 1.2 takes for the same",
  fc.property(value, (extension) => {
    const json = JSON.stringify({ services: { a: { image: "x" } }, "x-value": extension }).replaceAll("$", "");
    const { project } = loadTexts({ "compose.yaml": json });
    fc.pre(project !== undefined);
    const printed = printModel(project, "yaml");
    assert.deepEqual(parse(printed)["x-value"], JSON.parse(json)["x-value"]);
  }),
  { runs: 500 },
);

test("compareKeys() puts numbers in order of their size, and characters before letters unless a digit precedes", () => {
  const keys = ["a1_", "a1b", "b10", "_z", "a9", "Z", "a10", "a", "a_", "b9", "aa", "é"];
  assert.deepEqual(keys.sort(compareKeys), ["_z", "Z", "a", "a_", "a1b", "a1_", "a9", "a10", "aa", "b9", "b10", "é"]);
});
