import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { literalCodes, sharedIssueSuffixes, thrownErrors } from "../../build/docs/emitted-codes.ts";
import { errorDocs, stepDocs } from "../../build/docs/errors.ts";
import { composeIssueDocs, configIssueDocs, manifestIssueDocs } from "../../build/docs/issues.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/errors.md`, "utf8");
const documented = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code = ""]) => code);
const sources = globSync("src/**/*.ts", { cwd: root }).map((file) => ({
  file,
  text: readFileSync(root + file, "utf8"),
}));

test("every error that the sources throw is described, and no other", () => {
  assert.deepEqual(Object.keys(errorDocs).sort(), [...thrownErrors().keys()].sort());
});

test("every error tells what can end it", () => {
  assert.deepEqual([...thrownErrors()].filter(([, ends]) => ends.size === 0), []);
});

test("every code that stands in the sources as an issue's or a step's is described, and no other", () => {
  const known = new Set([...Object.keys(errorDocs), ...Object.keys(composeIssueDocs)]);
  const others = [...literalCodes()].filter((code) => !known.has(code)).sort();
  const shared = [...sharedIssueSuffixes()].map((suffix) => `MANIFEST_${suffix}`);
  const ours = [...Object.keys(manifestIssueDocs).filter((code) => !shared.includes(code)), ...Object.keys(stepDocs)];
  assert.deepEqual(others, ours.sort());
});

test("the issues that both YAML files share are described for each", () => {
  const suffixes = [...sharedIssueSuffixes()];
  assert.deepEqual(Object.keys(configIssueDocs).sort(), suffixes.map((suffix) => `CONFIG_${suffix}`).sort());
  assert.deepEqual(suffixes.filter((suffix) => !(`MANIFEST_${suffix}` in manifestIssueDocs)), []);
});

test("codes are put together from parts only where both YAML files are read", () => {
  const files = sources.filter(({ text }) => /\bcode: `/.test(text)).map(({ file }) => file).sort();
  assert.deepEqual(files, ["src/config/_issues.ts", "src/config/_read-yaml.ts"]);
});

test("every issue of Compose files is used in the sources", () => {
  const loader = sources.filter(({ file }) => file !== "src/compose/codes.ts").map(({ text }) => text).join("\n");
  assert.deepEqual(Object.keys(composeIssueDocs).filter((code) => !loader.includes(`"${code}"`)), []);
});

test("docs/errors.md has every code once", () => {
  const all = [errorDocs, stepDocs, configIssueDocs, manifestIssueDocs, composeIssueDocs].flatMap((docs) =>
    Object.keys(docs)
  );
  assert.deepEqual(documented, all);
  assert.deepEqual([...new Set(documented)], documented);
});
