import assert from "node:assert/strict";
import { test } from "node:test";
import { localReference, registryOf } from "../../../src/adapters/docker/references.ts";

const id = `sha256:${"a".repeat(64)}`;

const cases = [
  { asked: "nginx", local: "nginx:latest", registry: "docker.io" },
  { asked: "nginx:1.27", local: "nginx:1.27", registry: "docker.io" },
  { asked: "docker.io/library/nginx:1.27", local: "nginx:1.27", registry: "docker.io" },
  { asked: "index.docker.io/mender/api:2", local: "mender/api:2", registry: "docker.io" },
  { asked: "library/extra/nginx", local: "library/extra/nginx:latest", registry: "docker.io" },
  { asked: "registry.test:5000/a/b", local: "registry.test:5000/a/b:latest", registry: "registry.test:5000" },
  { asked: "localhost/a", local: "localhost/a:latest", registry: "localhost" },
  { asked: `nginx:1.27@${id}`, local: `nginx@${id}`, registry: "docker.io" },
  { asked: `registry.test:5000/a@${id}`, local: `registry.test:5000/a@${id}`, registry: "registry.test:5000" },
  { asked: id, local: id, registry: "docker.io" },
];

for (const { asked, local, registry } of cases) {
  test(`localReference() reads "${asked}" as the Engine lists it`, () => {
    assert.equal(localReference(asked), local);
    assert.equal(registryOf(asked), registry);
  });
}
