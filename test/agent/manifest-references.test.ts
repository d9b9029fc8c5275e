import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFolder } from "../../src/agent/check.ts";
import type { RevisionFiles } from "../../src/model/files.ts";
import { formatPosition } from "../../src/model/position.ts";

const texts = {
  "app/compose.yaml": `services:
  web: { image: "web:1", profiles: [front] }
  db: { image: "db:1" }
  job: { image: "job:1", profiles: [batch] }
`,
  "app/holdfast.yaml": `profiles: [fornt, batch]
services:
  wbe: { desired: stopped }
  db: { desired: stopped }
drift: { ignore: [{ service: cache, field: labels.x }, { service: web, field: labels.x }] }
policies: { waive: [{ policy: memory-limit, service: dbb, until: 2030-01-01, reason: small }] }
`,
};

async function issuesOf(changes: Readonly<Record<string, string>> = {}) {
  const files: RevisionFiles = new Map(
    Object.entries({ ...texts, ...changes }).map(([path, text]) => [path, {
      mode: "file",
      oid: "0".repeat(40),
      bytes: new TextEncoder().encode(text),
    }]),
  );
  const reader = {
    read: () => Promise.resolve(files),
    findRoot: () => Promise.resolve("/repository"),
    resolve: (path: string) => Promise.resolve(path),
  };
  const options = { folder: "/repository/app", root: "/repository" };
  return (await checkFolder(options, reader, new Date("2026-01-01T00:00:00Z"))).issues;
}

test("check warns of profiles and services that the Compose files do not have, at their lines", async () => {
  const issues = await issuesOf();
  assert.deepEqual(
    issues.map(({ code, severity, message, hint, position }) =>
      `${formatPosition(position!)} ${severity} ${code} ${message}; ${hint}`
    ),
    [
      'app/holdfast.yaml:1 warning MANIFEST_REFERENCE No service has the profile "fornt"; did you mean "front"?',
      'app/holdfast.yaml:3 warning MANIFEST_REFERENCE The Compose files have no service "wbe"; did you mean "web"?',
      'app/holdfast.yaml:5 warning MANIFEST_REFERENCE The Compose files have no service "cache"; correct the name, or take it away',
      'app/holdfast.yaml:6 warning MANIFEST_REFERENCE The Compose files have no service "dbb"; did you mean "db"?',
    ],
  );
});

test("check does not warn of what a file that is left out may have", async () => {
  const manifest = `compose: [compose.yaml, { file: more.yaml, when: more.txt }]\n${texts["app/holdfast.yaml"]}`;
  assert.deepEqual(await issuesOf({ "app/holdfast.yaml": manifest }), []);
});
