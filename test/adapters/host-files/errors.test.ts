import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt } from "../../../src/adapters/host-files/_errors.ts";
import type { HoldfastError } from "../../../src/model/error.ts";

const hints = [
  { code: "EROFS", retry: "operator", hint: /holdfast install/ },
  { code: "ENOSPC", retry: "backoff", hint: /free space/ },
  { code: "EACCES", retry: "operator", hint: /owner, mode and mount/ },
];
for (const { code, retry, hint } of hints) {
  test(`attempt() tells what ends ${code}`, async () => {
    const refused = Object.assign(new Error(`${code}: refused`), { code });
    await assert.rejects(attempt('write "/srv/x"', () => Promise.reject(refused)), (error: HoldfastError) => {
      assert.deepEqual([error.code, error.retry], ["HOST_FILES", retry]);
      assert.match(error.hint, hint);
      return true;
    });
  });
}
