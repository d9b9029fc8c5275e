import assert from "node:assert/strict";
import { test } from "node:test";
import { readManifest } from "../../src/agent/read-manifest.ts";

function read(folder: string, files: Readonly<Record<string, string>>) {
  const texts = new Map(Object.entries(files));
  const encode = (text: string | undefined) => text === undefined ? undefined : new TextEncoder().encode(text);
  return readManifest(folder, { has: (path) => texts.has(path), read: (path) => encode(texts.get(path)) });
}

function composeFiles(folder: string, files: Readonly<Record<string, string>>): readonly string[] {
  const { manifest, issues } = read(folder, files);
  assert.deepEqual(issues, []);
  return manifest!.composeFiles;
}

const layered = `compose:
  - ../base.yml
  - { file: ../enterprise.yml, when: config/enterprise.yml }
  - config/prod.yml
  - { file: config/enterprise.yml, when: config/enterprise.yml }
`;

test("readManifest() merges a file with `when` only if that file is in the revision", () => {
  const files = {
    "production/holdfast.yaml": layered,
    "base.yml": "",
    "enterprise.yml": "",
    "production/config/prod.yml": "",
  };
  assert.deepEqual(composeFiles("production", files), ["base.yml", "production/config/prod.yml"]);
  assert.deepEqual(composeFiles("production", { ...files, "production/config/enterprise.yml": "" }), [
    "base.yml",
    "enterprise.yml",
    "production/config/prod.yml",
    "production/config/enterprise.yml",
  ]);
});

test("readManifest() takes Compose's default names where there is no manifest, with the override file", () => {
  assert.deepEqual(composeFiles(".", { "compose.yaml": "" }), ["compose.yaml"]);
  assert.deepEqual(composeFiles("web", { "web/docker-compose.yml": "", "web/docker-compose.override.yml": "" }), [
    "web/docker-compose.yml",
    "web/docker-compose.override.yml",
  ]);
});

test("readManifest() takes them also where the manifest names no Compose file", () => {
  assert.deepEqual(composeFiles(".", { "holdfast.yaml": "project: demo\n", "compose.yaml": "" }), ["compose.yaml"]);
});

test("readManifest() takes the files of COMPOSE_FILE, from .env or the manifest, where no other names them", () => {
  const files = {
    "web/a.yaml": "",
    "web/b.yaml": "",
    "web/compose.yaml": "",
    "web/.env": "COMPOSE_FILE=a.yaml:b.yaml",
  };
  assert.deepEqual(composeFiles("web", files), ["web/a.yaml", "web/b.yaml"]);
  const manifest = (text: string) => composeFiles("web", { ...files, "web/holdfast.yaml": text });
  assert.deepEqual(manifest("environment: { COMPOSE_FILE: b.yaml }\n"), ["web/b.yaml"]);
  assert.deepEqual(manifest("compose: [compose.yaml]\n"), ["web/compose.yaml"]);
});

test("readManifest() says in which line COMPOSE_FILE names what the revision lacks", () => {
  const { issues } = read(".", { "compose.yaml": "", ".env": "A=1\nCOMPOSE_FILE=none.yaml\n" });
  assert.deepEqual(issues.map(({ message, position }) => [message, position?.file, position?.line]), [
    ['"none.yaml" is not in the revision, needed by COMPOSE_FILE', ".env", 2],
  ]);
});

test("readManifest() says where a Compose file is named that the revision lacks", () => {
  const { manifest, issues } = read("production", { "production/holdfast.yaml": layered, "base.yml": "" });
  assert.equal(manifest, undefined);
  assert.deepEqual(issues.map(({ code, message, position }) => [code, message, position?.file, position?.line]), [[
    "MANIFEST_FILE_MISSING",
    '"production/config/prod.yml" is not in the revision, needed by "compose"',
    "production/holdfast.yaml",
    4,
  ]]);
});

test("readManifest() says what is missing in a folder with neither manifest nor Compose file", () => {
  const { manifest, issues } = read("production", { "README.md": "" });
  assert.equal(manifest, undefined);
  assert.equal(issues.length, 1);
  assert.match(issues[0]!.message, /compose\.yaml/);
});

test("readManifest() resolves the paths of the bundle, and refuses one that leaves the repository", () => {
  const keys = "keys: { bundle: keys.tar.gpg }\n";
  const files = { "production/holdfast.yaml": keys, "production/compose.yaml": "" };
  assert.deepEqual(read("production", files).manifest?.keys, {
    bundle: "production/keys.tar.gpg",
    into: "production/keys",
  });
  const outside = { ...files, "production/holdfast.yaml": "keys: { bundle: ../../keys.tar.gpg, into: keys }\n" };
  const { manifest, issues } = read("production", outside);
  assert.equal(manifest, undefined);
  assert.deepEqual(issues.map(({ position }) => position?.line), [1]);
});
