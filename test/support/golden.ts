import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const folder = new URL("../golden/", import.meta.url);

/**
 * Compares a text with the file test/golden/NAME. `UPDATE_GOLDEN=1` writes the file instead; the diff in git is the review.
 *
 * @param name relative path with its ending: `report-drift.txt`, `compose/merge.yaml`
 */
export function assertGolden(name: string, actual: string): void {
  const file = new URL(name, folder);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.equal(actual, read(file), `test/golden/${name} differs; UPDATE_GOLDEN=1 rewrites it`);
}

function read(file: URL): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read "${file.pathname}"; UPDATE_GOLDEN=1 writes it`, { cause });
  }
}
