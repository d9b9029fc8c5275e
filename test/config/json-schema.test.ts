import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonSchemas } from "../../src/config/json-schema.ts";

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly not?: object;
}

const { agent, manifest } = jsonSchemas() as { agent: JsonSchema; manifest: JsonSchema };

function keysWithoutDescription(schema: JsonSchema, path: string): string[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description ? [] : [`${path}.${key}`]),
    ...keysWithoutDescription(value, `${path}.${key}`),
  ]);
  const members = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties];
  return [
    ...properties,
    ...members.flatMap((member) => typeof member === "object" ? keysWithoutDescription(member, path) : []),
  ];
}

test("jsonSchemas() describes every key of both files", () => {
  assert.deepEqual([...keysWithoutDescription(agent, "agent"), ...keysWithoutDescription(manifest, "manifest")], []);
});

test("jsonSchemas() forbids what is not built, and what is unknown", () => {
  assert.deepEqual(manifest.properties?.["window"]?.not, {});
  assert.equal(manifest.additionalProperties, false);
});
