import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { borrowState } from "../../../src/adapters/state/borrow-state.ts";
import { tempFolder } from "../../support/temp.ts";

test("borrowState() gives the folder in which an agent has left something, and leaves it as it is", async () => {
  await using temp = tempFolder("borrow");
  writeFileSync(join(temp.path, "digest.key"), "");
  const state = await borrowState(temp.path);
  assert.equal(state.folder, temp.path);
  await state.release();
  assert.ok(existsSync(join(temp.path, "digest.key")));
});

for (const name of ["missing", "empty"]) {
  test(`borrowState() gives a folder that goes again for one that is ${name}`, async () => {
    await using temp = tempFolder("borrow");
    const folder = join(temp.path, "state");
    if (name === "empty") mkdirSync(folder);
    const state = await borrowState(folder);
    assert.notEqual(state.folder, folder);
    mkdirSync(join(state.folder, "git"));
    await state.release();
    assert.deepEqual([existsSync(state.folder), existsSync(folder)], [false, name === "empty"]);
  });
}
