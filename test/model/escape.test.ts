import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeJson, escapeShort, escapeText, quoteText } from "../../src/model/escape.ts";

const cases: readonly (readonly [string, string])[] = [
  ["plain – ünïcode 🚢", "plain – ünïcode 🚢"],
  ["two\nlines\r\n", "two\\nlines\\r\\n"],
  ["\u001b]0;title\u0007", "\\e]0;title\\x07"],
  ["\u009b31m", "\\x9b31m"],
  ["abc\u202egnp.exe", "abc\\u{202e}gnp.exe"],
  ["line\u2028break", "line\\u{2028}break"],
  ["lone \ud800 surrogate", "lone \\u{d800} surrogate"],
];
for (const [text, escaped] of cases) {
  test(`escapeText() gives ${escaped}`, () => {
    assert.equal(escapeText(text), escaped);
    assert.equal(escapeText(escaped), escaped, "escaping twice changes nothing");
  });
}

test("quoteText() escapes what would end the quotes", () =>
  assert.equal(quoteText('say "hi" \\ \n'), '"say \\"hi\\" \\\\ \\n"'));

test("escapeJson() keeps the value and the layout", () => {
  const value = { text: "\u009b\u202e\ud800\n" };
  const json = escapeJson(JSON.stringify(value, null, 2));
  assert.deepEqual(JSON.parse(json), value);
  assert.ok(json.startsWith("{\n  "));
});

test("escapeShort() gives no more than is printed, and never half an escape", () => {
  assert.equal(escapeShort("a\u0007b", 100), "a\\x07b");
  assert.equal(escapeShort("a\u0007b", 4), "a…");
  assert.equal(escapeShort("\u202e".repeat(1_000_000), 20), "\\u{202e}\\u{202e}…");
  assert.equal(escapeShort("x".repeat(5), 5), "xxxxx");
});
