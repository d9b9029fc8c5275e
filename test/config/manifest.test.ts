import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultManifest, withDefaultCompose } from "../../src/config/default-compose.ts";
import { keyFileRule } from "../../src/config/key-files.ts";
import { loadManifest } from "../../src/config/load.ts";
import type { Manifest } from "../../src/config/manifest.ts";
import { manifestPaths } from "../../src/config/paths.ts";

const file = "production/holdfast.yaml";

function manifestOf(text: string): Manifest {
  const { manifest, issues } = loadManifest(text, file);
  assert.deepEqual(issues, []);
  return manifest!;
}

function issuesOf(text: string): string[] {
  return loadManifest(text, file).issues.map(({ position, code, message }) =>
    `${position?.line}:${position?.column} ${code} ${message}`
  );
}

test("loadManifest() takes every key of this version", () => {
  const { positionOf: _, ...manifest } = manifestOf(`project: menderproduction
compose:
  - ../docker-compose.yml
  - { file: config/enterprise.yml, when: config/enterprise.yml }
duplicateKeys: last
environment:
  MENDER_VERSION: 2.20
  DEBUG: true
  EMPTY: ""
  MINIO_SECRET_KEY: { key: secrets/minio }
keys: { bundle: keys-generated.tar.gpg, files: [{ match: "keys/**", uid: 65534, mode: 0400 }] }
volumes: [mender-db]
profiles: [debug]
policies: { packs: [baseline, mender], waive: [{ policy: M41, service: minio, until: 2027-01-31, reason: soon }] }
drift: { ignore: [{ service: web, field: labels.last-scan }] }
services: { batch: { desired: stopped } }
verify:
  { running: 1m, timeout: 10m, ports: [443, 9000], http: [{ url: https://a.example.com/, certificate: bundle }], onFailure: hold }
`);
  assert.deepEqual(manifest, {
    file,
    project: "menderproduction",
    compose: [{ file: "../docker-compose.yml" }, { file: "config/enterprise.yml", when: "config/enterprise.yml" }],
    duplicateKeys: "last",
    environment: { MENDER_VERSION: "2.20", DEBUG: "true", EMPTY: "", MINIO_SECRET_KEY: { key: "secrets/minio" } },
    keys: {
      bundle: "keys-generated.tar.gpg",
      into: "keys-generated",
      files: [{ match: "keys/**", uid: 65534, mode: 0o400 }],
    },
    volumes: ["mender-db"],
    profiles: ["debug"],
    policies: {
      packs: ["baseline", "mender"],
      waive: [{
        policy: "M41",
        service: "minio",
        until: "2027-01-31",
        reason: "soon",
        position: { file, line: 14, column: 48 },
      }],
    },
    drift: { ignore: [{ service: "web", field: "labels.last-scan" }] },
    services: { batch: { desired: "stopped" } },
    verify: {
      runningMs: 60_000,
      timeoutMs: 600_000,
      ports: [443, 9000],
      http: [{ url: "https://a.example.com/", certificate: "bundle" }],
      onFailure: "hold",
    },
  });
});

test("loadManifest() keeps the place of every key", () => {
  const manifest = manifestOf("verify:\n  ports:\n    - 443\n    - 9000\n");
  assert.deepEqual(manifest.positionOf("verify.ports[1]"), { file, line: 4, column: 7 });
  assert.deepEqual(manifest.positionOf("verify.timeout"), { file, line: 1, column: 1 });
});

const refused: readonly { name: string; text: string; issue: RegExp }[] = [
  {
    name: "an unknown key in a list item",
    text: "compose:\n  - { fil: a.yml }\n",
    issue: /^2:7 MANIFEST_UNKNOWN_KEY "compose\[0\]\.fil" .* did you mean "file"\?$/,
  },
  {
    name: "a key that is not built",
    text: "window: always\n",
    issue: /^1:1 MANIFEST_UNSUPPORTED "window" is a key of holdfast that this version does not support yet$/,
  },
  {
    name: "an inner key that is not built",
    text: "services:\n  proxy: { onFileChange: restart }\n",
    issue: /^2:12 MANIFEST_UNSUPPORTED/,
  },
  {
    name: "an environment key without a value",
    text: "environment:\n  A:\n",
    issue: /^2:3 MANIFEST_VALUE "environment\.A" is empty, needed text/,
  },
  {
    name: "a name that is no variable",
    text: `environment: { "a b": x }\n`,
    issue: /^1:16 MANIFEST_VALUE .* needed the name of a variable$/,
  },
  {
    name: "an unknown pack",
    text: "policies: { packs: [baselin] }\n",
    issue: /^1:21 MANIFEST_VALUE .* needed baseline or mender$/,
  },
  {
    name: "a day that is none",
    text: "policies: { waive: [{ policy: a, until: 2027-02-30, reason: b }] }\n",
    issue: /MANIFEST_VALUE .* is "2027-02-30", needed a day/,
  },
  {
    name: "a waiver without a reason",
    text: "policies: { waive: [{ policy: a, until: 2027-02-01 }] }\n",
    issue: /MANIFEST_MISSING "policies\.waive\[0\]\.reason"/,
  },
  {
    name: "a mode that is not octal",
    text: "keys: { bundle: a.gpg, files: [{ match: b, mode: 999 }] }\n",
    issue: /MANIFEST_VALUE .* is 999, needed octal permission bits/,
  },
  {
    name: "a key path that leaves the bundle",
    text: "environment: { A: { key: ../b } }\n",
    issue: /MANIFEST_VALUE .* a path inside the keys folder$/,
  },
  {
    name: "an absolute Compose path",
    text: "compose: /etc/compose.yml\n",
    issue: /^1:1 MANIFEST_VALUE .* a path relative to the manifest/,
  },
  { name: "a port that is none", text: "verify: { ports: [0] }\n", issue: /needed a whole number from 1 to 65535$/ },
];
for (const { name, text, issue } of refused) {
  test(`loadManifest() refuses ${name}`, () => {
    const issues = issuesOf(text);
    assert.ok(issues.some((line) => issue.test(line)), issues.join("\n"));
    assert.equal(loadManifest(text, file).manifest, undefined);
  });
}

test("loadManifest() shows no value of the environment", () => {
  assert.ok(!issuesOf("environment: { MINIO: { key: 5, word: hunter2 }, B: [hunter2] }\n").join().includes("hunter2"));
});

test("manifestPaths() resolves against the manifest's folder", () => {
  const { compose, keys, issues } = manifestPaths(
    manifestOf("compose: [../a.yml, ./b/../c.yml]\nkeys: { bundle: k.tar.gz.asc }\n"),
  );
  assert.deepEqual(compose, [{ file: "a.yml" }, { file: "production/c.yml" }]);
  assert.deepEqual(keys, { bundle: "production/k.tar.gz.asc", into: "production/k" });
  assert.deepEqual(issues, []);
});

test("manifestPaths() refuses what leaves the repository, with its line", () => {
  const { compose, issues } = manifestPaths(manifestOf("compose:\n  - ok.yml\n  - { file: ../../a.yml }\n"));
  assert.deepEqual(compose, [{ file: "production/ok.yml" }]);
  assert.deepEqual(issues.map(({ code, position }) => [code, position?.line]), [["MANIFEST_PATH", 3]]);
});

test("withDefaultCompose() takes Compose's first default file and its override", () => {
  const files = ["app/docker-compose.yml", "app/compose.yml", "app/docker-compose.override.yml"];
  const has = (path: string) => files.includes(path);
  const { manifest, issues } = withDefaultCompose(defaultManifest("app", has).manifest!, has);
  assert.deepEqual(manifest?.compose, [{ file: "compose.yml" }, { file: "docker-compose.override.yml" }]);
  assert.deepEqual(issues.map(({ severity, message }) => [severity, message]), [
    ["warning", `"compose.yml" is used; "docker-compose.yml" is there too and is not read`],
  ]);
});

test("withDefaultCompose() says what it needed", () => {
  const { manifest, issues } = withDefaultCompose(defaultManifest(".", () => false).manifest!, () => false);
  assert.equal(manifest, undefined);
  assert.deepEqual(issues.map(({ code }) => code), ["MANIFEST_NO_COMPOSE"]);
});

test("defaultManifest() does not pass over a manifest of another ending", () => {
  const { issues } = defaultManifest(".", (path) => path === "holdfast.yml" || path === "compose.yaml");
  assert.deepEqual(issues.map(({ code }) => code), ["MANIFEST_NAME"]);
});

test("withDefaultCompose() fills in the folder's files where the manifest names none", () => {
  const { manifest } = withDefaultCompose(manifestOf("project: a\n"), (path) => path === "production/compose.yaml");
  assert.deepEqual(manifest?.compose, [{ file: "compose.yaml" }]);
});

test("keyFileRule() lets a later rule win, key by key", () => {
  const { keys } = manifestOf(`keys:
  bundle: a.tar.gpg
  files:
    - { match: "**", mode: "0400", uid: 1 }
    - { match: "keys/*/private.key", uid: 65534 }
`);
  assert.deepEqual(keyFileRule(keys!.files, "keys/useradm/private.key"), { mode: 0o400, uid: 65534 });
  assert.deepEqual(keyFileRule(keys!.files, "certs/a.crt"), { mode: 0o400, uid: 1 });
});
