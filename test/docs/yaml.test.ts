import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { exampleOf, schemaRows } from "../../build/docs/schema-rows.ts";
import { agentExample, manifestExample, schemaFiles } from "../../build/docs/yaml-pages.ts";
import { agentSchema } from "../../src/config/agent-config.ts";
import { loadAgentConfig, loadManifest } from "../../src/config/load.ts";
import { manifestSchema } from "../../src/config/manifest.ts";

const files = [
  { name: "agent", schema: agentSchema, example: agentExample },
  { name: "holdfast", schema: manifestSchema, example: manifestExample },
];

test("the example of agent.yaml loads", () => {
  assert.equal(loadAgentConfig(agentExample, "agent.yaml").deployments[0]?.name, "mender");
});

test("the example of holdfast.yaml loads", () => {
  assert.deepEqual(loadManifest(manifestExample, "production/holdfast.yaml").issues, []);
});

for (const { name, schema, example } of files) {
  test(`build/docs/${name}.example.yaml has a value for every key that is built`, () => {
    const rows = schemaRows(schema).filter((row) => row.isBuilt);
    assert.deepEqual(rows.filter((row) => exampleOf(row.path, example) === undefined).map((row) => row.path), []);
  });

  test(`every key of ${name}.yaml is described`, () => {
    assert.deepEqual(schemaRows(schema).filter((row) => row.description === "").map((row) => row.path), []);
  });

  test(`docs/schema/${name}.schema.json accepts the example, and refuses a key that nobody knows`, () => {
    const judge = z.fromJSONSchema(JSON.parse(schemaFiles().get(`${name}.schema.json`)!));
    const value = parse(example);
    assert.equal(judge.safeParse(value).success, true);
    assert.equal(judge.safeParse({ ...value, nobody: 1 }).success, false);
  });
}
