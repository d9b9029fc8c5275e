import assert from "node:assert/strict";
import { test } from "node:test";
import { loadManifest } from "../../src/config/load.ts";

const deep = /more than 50 mappings and lists stand inside each other/;

/** Manifests that are meant to keep a reader busy, to take its memory or its stack. */
const hostile: readonly (readonly [name: string, text: string, told: RegExp])[] = [
  ["lists in lists", `compose: ${"[".repeat(5000)}${"]".repeat(5000)}`, deep],
  ["lists that are never closed", `compose: ${"[".repeat(200_000)}`, deep],
  ["mappings in mappings", `${"{".repeat(5000)}a${"}".repeat(5000)}`, deep],
  ["dashes behind dashes", `${"- ".repeat(5000)}a`, deep],
  ["keys in keys", `${"? ".repeat(5000)}a`, deep],
  ["an anchor that contains itself", "a: &a [*a]", /the anchor "&a" contains itself/],
  ["an anchor that contains itself by a merge", "a: &a\n- inner:\n    <<: *a", /the anchor "&a" contains itself/],
  ["an alias without an anchor", "a: *a", /no anchor "&a" stands before/],
  ["an alias bomb", aliasBomb(), /too many or too deep values/],
  ["anchors deep inside each other", nestedAnchors(), /too many or too deep values/],
  ["aliases without end", `a: &a b\nc: [${"*a,".repeat(60_000)}]`, /too many or too deep values/],
  ["a long text", "a: 1\n".repeat(100_000), /needed at most 262144/],
];

for (const [name, text, told] of hostile) {
  test(`loadManifest() refuses ${name}, and says why`, () => {
    const { manifest, issues } = loadManifest(text, "holdfast.yaml");
    assert.equal(manifest, undefined);
    assert.match(issues.map(({ message }) => message).join("\n"), told);
    assert.doesNotMatch(JSON.stringify(issues), /call stack/);
  });
}

test("loadManifest() tells no more issues than anyone reads", () => {
  const { issues } = loadManifest(Array.from({ length: 20_000 }, (_, i) => `k${i}: v`).join("\n"), "holdfast.yaml");
  assert.equal(issues.length, 500);
});

test("loadManifest() takes an alias for the last anchor of its name before it", () => {
  const text = "project: &p one\nname: &q [&p two]\nprofiles: [*p]\n";
  const { issues } = loadManifest(text.replace("name:", "compose:"), "holdfast.yaml");
  assert.deepEqual(issues, []);
  assert.deepEqual(loadManifest(text.replace("name:", "compose:"), "holdfast.yaml").manifest?.profiles, ["two"]);
});

function aliasBomb(): string {
  const lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"];
  for (let i = 1; i < 12; i++) lines.push(`x${i}: &x${i} [${Array(9).fill(`*x${i - 1}`)}]`);
  return lines.join("\n");
}

function nestedAnchors(): string {
  return Array.from(
    { length: 60 },
    (_, i) => `x${i}: &x${i} ${"[".repeat(40)}${i > 0 ? `*x${i - 1}` : "a"}${"]".repeat(40)}`,
  ).join("\n");
}
