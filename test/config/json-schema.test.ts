import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { jsonSchemas } from "../../src/config/json-schema.ts";
import { loadAgentConfig, loadManifest } from "../../src/config/load.ts";

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

const judge = (schema: object) => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
const judges = { agent: judge(agent), manifest: judge(manifest) };
const deployment = (more: string) => `deployments: [{ name: web, repository: /srv/web.git, ${more} }]`;

for (
  const text of [
    deployment("interval: 5 minutes"),
    deployment("checkout: srv/web"),
    deployment("credentials: { tokenFile: token }"),
    deployment("ref: a b"),
    "deployments: [{ name: Web, repository: /srv/web.git }]",
    "deployments: [{ name: web, repository: git@example.com:web.git }]",
  ]
) {
  test(`an editor refuses ${text}, as the agent does`, () => {
    assert.throws(() => loadAgentConfig(text, "agent.yaml"));
    assert.equal(judges.agent.safeParse(parse(text)).success, false);
  });
}

for (
  const text of [
    "project: A B",
    "keys: { bundle: keys.gpg, files: [{ match: '**', mode: '0999' }] }",
    "policies: { waive: [{ policy: M41, until: soon, reason: why }] }",
    "verify: { running: 15 s }",
    "verify: { http: [{ url: 'ftp://example.com/' }] }",
  ]
) {
  test(`an editor refuses ${text}, as the agent does`, () => {
    assert.notDeepEqual(loadManifest(text, "holdfast.yaml").issues, []);
    assert.equal(judges.manifest.safeParse(parse(text)).success, false);
  });
}
