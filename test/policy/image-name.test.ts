import assert from "node:assert/strict";
import { test } from "node:test";
import { parseImageName } from "../../src/policy/image-name.ts";

const cases = {
  "mongo:3.4": { registry: "", repository: "mongo", tag: "3.4" },
  "mendersoftware/deployments": { registry: "", repository: "mendersoftware/deployments" },
  "localhost:5000/app": { registry: "localhost:5000", repository: "app" },
  "registry.mender.io/a/b:v1@sha256:00": {
    registry: "registry.mender.io",
    repository: "a/b",
    tag: "v1",
    digest: "sha256:00",
  },
};
for (const [image, parts] of Object.entries(cases)) {
  test(`parseImageName() takes "${image}" apart`, () => assert.deepEqual(parseImageName(image), parts));
}
