import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { documentPages } from "../../build/docs/pages.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

for (const [name, text] of documentPages()) {
  test(`docs/${name} says what the code says`, () => {
    const file = `${docs}${name}`;
    if (process.env["UPDATE_GOLDEN"] === "1") {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    assert.equal(readFileSync(file, "utf8"), text, `docs/${name} is stale; UPDATE_GOLDEN=1 writes it anew`);
  });
}
