import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { newestApi, oldestApi } from "../../src/adapters/docker/connection.ts";
import { holdfastLabel } from "../../src/model/labels.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/concepts.md`, "utf8");

/** dockerode's methods, as the adapter writes them, and the Engine's endpoint behind each. */
const endpoints: Readonly<Record<string, string>> = {
  "container.inspect": "GET /containers/{id}/json",
  "container.logs": "GET /containers/{id}/logs",
  "container.remove": "DELETE /containers/{id}",
  "container.rename": "POST /containers/{id}/rename",
  "container.restart": "POST /containers/{id}/restart",
  "container.start": "POST /containers/{id}/start",
  "container.stop": "POST /containers/{id}/stop",
  "container.unpause": "POST /containers/{id}/unpause",
  "container.update": "POST /containers/{id}/update",
  "docker.createContainer": "POST /containers/create",
  "docker.createImage": "POST /images/create",
  "docker.createNetwork": "POST /networks/create",
  "docker.createVolume": "POST /volumes/create",
  "docker.getEvents": "GET /events",
  "docker.info": "GET /info",
  "docker.listContainers": "GET /containers/json",
  "docker.listImages": "GET /images/json",
  "docker.listNetworks": "GET /networks",
  "docker.listVolumes": "GET /volumes",
  "docker.version": "GET /version",
  "image.inspect": "GET /images/{name}/json",
  "network.connect": "POST /networks/{id}/connect",
  "network.disconnect": "POST /networks/{id}/disconnect",
  "network.remove": "DELETE /networks/{id}",
};

test("docs/concepts.md has every endpoint of the Engine that the adapter calls, and no other", () => {
  const called = calledMethods();
  assert.deepEqual(called, Object.keys(endpoints).sort());
  const told = [...page.matchAll(/`((?:GET|POST|PUT|DELETE|HEAD) \/[^`]*)`/g)].map(([, endpoint = ""]) => endpoint);
  assert.deepEqual(told.sort(), Object.values(endpoints).sort());
});

test("docs/concepts.md has the Engine API's versions and holdfast's labels", () => {
  assert.ok(page.includes(`API 1.${oldestApi} to 1.${newestApi}`));
  for (const label of Object.values(holdfastLabel)) assert.ok(page.includes(`.${label.split(".").at(-1)}\``), label);
});

/** Methods of dockerode's objects in the adapter, under the names of `endpoints`. */
function calledMethods(): string[] {
  const files = globSync("src/adapters/docker/*.ts", { cwd: root });
  const text = files.map((file) => readFileSync(root + file, "utf8")).join("\n");
  const plain = [...text.matchAll(/\b(docker|container)\.([a-z][A-Za-z]*)\(/g)].map(([, object, method]) =>
    `${object}.${method}`
  );
  const found = [...text.matchAll(/\bget(Network|Image)\([^)]*\)\.([a-z]+)\(/g)].map(([, object, method]) =>
    `${object!.toLowerCase()}.${method}`
  );
  const asked = [...text.matchAll(/\bask<\w+>\([^)]*\), "(\w+)"|\bask<\w+>\(\w+, "(\w+)"/g)].map(([, first, second]) =>
    `docker.${first ?? second}`
  );
  const isGetter = (method: string): boolean => /^docker\.get(Container|Network|Image)$/.test(method);
  return [...new Set([...plain, ...found, ...asked].filter((method) => !isGetter(method)))].sort();
}
