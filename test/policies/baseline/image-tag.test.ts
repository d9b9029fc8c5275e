import assert from "node:assert/strict";
import { test } from "node:test";
import { imageTag } from "../../../policies/baseline/image-tag.ts";
import { judge } from "../../support/policies.ts";

const digest = "sha256:" + "a".repeat(64);

for (
  const image of ["nginx", "nginx:latest", "registry.example:5000/team/app", "registry.example:5000/team/app:latest"]
) {
  test(`image-tag denies "${image}"`, () => {
    const said = judge(imageTag, { services: { web: { image } } });
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^denied service\/web: ".*" has (no tag|the tag "latest"), needed a version or a digest$/);
  });
}

for (const image of ["nginx:1.27", "registry.example:5000/team/app:v2", `nginx@${digest}`, `nginx:latest@${digest}`]) {
  test(`image-tag lets "${image}" through`, () =>
    assert.deepEqual(judge(imageTag, { services: { web: { image } } }), []));
}

test("image-tag lets an image through that is built here", () => {
  assert.deepEqual(judge(imageTag, { services: { web: { build: { context: "/srv/demo" }, image: "demo" } } }), []);
});
