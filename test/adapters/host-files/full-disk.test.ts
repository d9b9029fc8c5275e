import assert from "node:assert/strict";
import { test } from "node:test";
import { onFullDisk } from "../../support/full-disk.ts";

test("placeCheckout() on a full disk says so, keeps the file it could not replace, and goes on when there is room", async () => {
  const answer = await onFullDisk(new URL("_full-disk.ts", import.meta.url));
  const { code, retry, message, hint, full, after } = answer as Record<string, string>;
  assert.deepEqual({ code, retry }, { code: "HOST_FILES", retry: "backoff" });
  assert.match(message!, /Cannot write ".*checkout\/b": ENOSPC/);
  assert.match(hint!, /free space/);
  assert.equal(full, "one");
  assert.deepEqual(after, { "a": "one", "b": "one" });
});
