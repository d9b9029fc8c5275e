import assert from "node:assert/strict";
import { test } from "node:test";
import { privileged } from "../../../policies/baseline/privileged.ts";
import { judge } from "../../support/policies.ts";

test("privileged denies a privileged container", () => {
  assert.deepEqual(judge(privileged, { services: { web: { privileged: true } } }), [
    `denied service/web: "privileged" is true, needed a container without the host's rights`,
  ]);
});

test("privileged lets a container through that says nothing, or no", () => {
  assert.deepEqual(judge(privileged, { services: { web: {}, db: { privileged: false } } }), []);
});
