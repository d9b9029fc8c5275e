import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { hostFiles } from "../../../src/adapters/host-files/host-files.ts";
import type { PreparedRevision } from "../../../src/agent/prepare.ts";
import { observeFiles } from "../../../src/agent/switch-files.ts";
import { keyedDigest } from "../../../src/model/digest.ts";
import type { KeyFile } from "../../../src/model/keys.ts";
import type { FilesState } from "../../../src/plan/input.ts";
import { memoryFolder, tempFolder } from "../../support/temp.ts";
import { testKey } from "../../support/world.ts";
import { memoryDeployment } from "../../agent/deployment.ts";

const disk = tempFolder("observe");
after(() => disk.dispose());
const memory = memoryFolder("observe");
after(() => memory.dispose());
const never = new AbortController().signal;
const into = "keys-generated";
const isRoot = process.getuid!() === 0;
/** An owner that only root can give; anybody else's files stay their own, which is no difference. */
const file = (path: string): KeyFile => ({ path, mode: 0o640, uid: 65534, gid: 65534, bytes: Buffer.from(path) });
const [key, secret] = [file("certs/a.key"), file("token")];

let count = 0;
let observe: () => Promise<FilesState>;
let paths: { readonly key: string; readonly secret: string };
beforeEach(async () => {
  const checkout = join(disk.path, String(++count));
  mkdirSync(checkout);
  const ports = { hostFiles: hostFiles({ checkout, runtime: join(memory.path, String(count)), digestKey: testKey }) };
  const { deployment } = memoryDeployment({ ports });
  const fact = { ...key, size: key.bytes.length, digest: keyedDigest(testKey, key.bytes) };
  const prepared = {
    files: new Map(),
    keys: { into, files: [key], facts: new Map([[key.path, fact]]) },
    desired: { secretFiles: [secret] },
  } as unknown as PreparedRevision;
  await ports.hostFiles.placeKeys([key], into, never);
  await ports.hostFiles.placeSecrets([secret], never);
  const { folders } = ports.hostFiles;
  paths = { key: join(folders.keys, key.path), secret: join(folders.secrets, secret.path) };
  observe = () => observeFiles(deployment, prepared, never);
});

test("observeFiles() finds nothing right after the placement", async () => {
  assert.deepEqual(await observe(), { edited: [], keys: [], secrets: [] });
});

const changes: readonly { name: string; act: (path: string) => void; found: "missing" | "edited" }[] = [
  { name: "is gone", act: (path) => rmSync(path), found: "missing" },
  { name: "has other bytes", act: (path) => writeFileSync(path, "tampered"), found: "edited" },
  { name: "has another mode", act: (path) => chmodSync(path, 0o644), found: "edited" },
  ...(isRoot
    ? [
      { name: "has another owner", act: (path: string) => chownSync(path, 1, 65534), found: "edited" },
      { name: "has another group", act: (path: string) => chownSync(path, 65534, 1), found: "edited" },
    ] as const
    : []),
];
for (const { name, act, found } of changes) {
  test(`observeFiles() finds a key and a secret that ${name}`, async () => {
    act(paths.key);
    act(paths.secret);
    assert.deepEqual(await observe(), {
      edited: [],
      keys: [{ path: key.path, found, want: keyedDigest(testKey, key.bytes) }],
      secrets: [{ path: secret.path, found, want: keyedDigest(testKey, secret.bytes) }],
    });
  });
}

test("observeFiles() finds a file that nobody placed", async () => {
  writeFileSync(`${paths.key}.old`, "");
  assert.deepEqual((await observe()).keys, [{ path: `${key.path}.old`, found: "edited", want: undefined }]);
});
