import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { lockState } from "../../../src/adapters/state/lock.ts";
import { startScript } from "../../support/child.ts";
import { tempFolder } from "../../support/temp.ts";

const locker = new URL("_locker.ts", import.meta.url);

test("lockState() keeps a second process out until the first is killed", async () => {
  await using folder = tempFolder("lock");
  const holder = startScript(locker, [folder.path]);
  try {
    const [said] = await once(holder.stdout!, "data");
    assert.equal(String(said), "locked\n");
    assert.throws(() => lockState(folder.path), (error: Error & { code?: string }) => {
      assert.equal(error.code, "STATE_LOCKED");
      assert.ok(error.message.includes(folder.path));
      return true;
    });
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
  }
  lockState(folder.path).release();
});

test("lockState() keeps a second holder out in the same process, and lets it in after release()", async () => {
  await using folder = tempFolder("lock");
  const first = lockState(join(folder.path, "state"));
  assert.throws(() => lockState(join(folder.path, "state")), { code: "STATE_LOCKED" });
  assert.throws(() => lockState(join(folder.path, "state")), { code: "STATE_LOCKED" });
  first.release();
  lockState(join(folder.path, "state")).release();
  assert.equal((await stat(join(folder.path, "state"))).mode & 0o777, 0o700);
});

test("lockState() names a folder that it cannot use", async () => {
  await using folder = tempFolder("lock");
  await writeFile(join(folder.path, "file"), "");
  assert.throws(() => lockState(join(folder.path, "file")), { code: "STATE_WRITE" });
  await mkdir(join(folder.path, "damaged"));
  await writeFile(join(folder.path, "damaged/lock.sqlite"), "not a database");
  assert.throws(() => lockState(join(folder.path, "damaged")), { code: "STATE_WRITE", message: /not a database/ });
});
