import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { InspectedKeys, OpenKeysOptions, SealKeysOptions } from "../../src/agent/keys.ts";
import { assertGolden } from "../support/golden.ts";
import { assertUsageError, runLine } from "./application.ts";

const page = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
const section = page.slice(page.indexOf("\n## keys\n")).split("\n## ")[1]!;
const byPassphrase = { byPassphrase: true, keyIds: [], hidden: 0 };
const toKeys = { byPassphrase: false, keyIds: ["77D04E5B12345678", "9A3F02C177D04E5B"], hidden: 1 };

for (const name of ["", "seal", "open", "inspect"]) {
  test(`"holdfast keys ${name}" explains itself, and docs/commands.md has every option`, async () => {
    const { code, stdout, stderr } = await runLine(`keys ${name} --help`, {});
    assert.deepEqual([code, stderr], [0, ""]);
    assertGolden(`cli/help-keys${name ? `-${name}` : ""}.txt`, stdout);
    for (const [option] of stdout.slice(0, stdout.indexOf("Exit codes:")).matchAll(/--[a-z-]+/g)) {
      assert.ok(option === "--help" || section.includes(option), `${option} is not documented`);
    }
  });
}

const usage: readonly (readonly [string, string, string])[] = [
  ["keys sea", 'unknown command "sea"', "did you mean seal?"],
  ["keys seal f --output y --outptu x", 'unknown option "--outptu"', '"holdfast keys seal --help"'],
  ["keys seal f", 'required option "--output <file>"', '"holdfast keys seal --help"'],
  ["keys seal f --output x", "with no secret", "--passphrase-file FILE"],
  ["keys seal f --output x --passphrase-file p --recipient r", "both --passphrase-file and --recipient", "--recipient"],
  ["keys open b --output x", 'open "b" without a secret', "--private-key-file FILE"],
];
for (const [command, found, advice] of usage) {
  test(`"holdfast ${command}" exits 64 and says what to do`, () => assertUsageError(command, found, advice));
}

test("keys without a command shows what there is and exits 64", async () => {
  const { code, stdout, stderr } = await runLine("keys", {});
  assert.deepEqual([code, stdout], [64, ""]);
  assert.match(stderr, /^Usage: holdfast keys /);
});

test("keys seal hands on its options and prints what the bundle is sealed to", async () => {
  const seen: SealKeysOptions[] = [];
  const line = async (flags: string) =>
    await runLine(`keys seal keys --output k.gpg ${flags}`, {
      sealKeys: (options) => {
        seen.push(options);
        return Promise.resolve({ output: options.output, size: 99, fileCount: 2, sealedTo: toKeys });
      },
    });
  const { code, stdout } = await line("--recipient a.asc --recipient b.asc --armor");
  assert.equal(code, 0);
  assert.equal(
    stdout,
    "k.gpg: 2 files sealed to 77D0 4E5B 1234 5678, 9A3F 02C1 77D0 4E5B and 1 hidden recipient\n",
  );
  assert.equal(JSON.parse((await line("--passphrase-file p --format json")).stdout).bundle.fileCount, 2);
  const common = { folder: "keys", output: "k.gpg" };
  assert.deepEqual(seen, [
    { ...common, to: { kind: "recipients", files: ["a.asc", "b.asc"] }, format: "armored" },
    { ...common, to: { kind: "passphrase", file: "p" }, format: "binary" },
  ]);
});

test("keys open warns on standard error of a disk, and of modes that it made stricter", async () => {
  const seen: OpenKeysOptions[] = [];
  const line = async (flags: string, storage: "memory" | "disk", stricterCount: number) =>
    await runLine(`keys open k.gpg --output out ${flags}`, {
      openKeys: (options) => {
        seen.push(options);
        return Promise.resolve({ output: options.output, fileCount: 1, storage, stricterCount });
      },
    });
  const calm = await line("--passphrase-file p --private-key-file s --preserve", "memory", 0);
  assert.deepEqual(calm, { code: 0, stdout: "out: 1 file\n", stderr: "" });
  const { code, stdout, stderr } = await line("--passphrase-file p --format json", "disk", 2);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).folder.storage, "disk");
  assert.match(stderr, /^warning: "out" is on a disk.*\nnote: 2 files .*--preserve.*\n$/);
  assert.deepEqual(seen.map(({ modes, privateKeyFile }) => [modes, privateKeyFile]), [["bundle", "s"], [
    "strict",
    undefined,
  ]]);
});

const inspected: InspectedKeys = {
  sealedTo: byPassphrase,
  files: [
    { path: "keys/a.txt", size: 7, mode: 0o644, uid: 0, gid: 0 },
    {
      path: "keys/gateway.pem",
      size: 12345,
      mode: 0o600,
      uid: 65534,
      gid: 65534,
      pem: {
        certificates: [{
          subject: "CN=mender.example.com",
          issuer: "CN=mender.example.com",
          names: ["mender.example.com", "s3.example.com"],
          sans: ["mender.example.com", "s3.example.com"],
          notBefore: "2026-11-21T09:12:44.000Z",
          notAfter: "2036-11-18T09:12:44.000Z",
          selfSigned: true,
          fingerprint: "ab".repeat(32),
          publicKeyDigest: "cd".repeat(32),
        }],
        privateKeys: [
          { algorithm: "rsa", bits: 3072, pemType: "PRIVATE KEY", encrypted: false, publicKeyDigest: "cd".repeat(32) },
          { algorithm: "", pemType: "ENCRYPTED PRIVATE KEY", encrypted: true, publicKeyDigest: "" },
        ],
        damaged: ["CERTIFICATE"],
      },
    },
  ],
};

test("keys inspect lists files, and facts of certificates and private keys", async () => {
  const use = { inspectKeys: () => Promise.resolve(inspected) };
  const { code, stdout } = await runLine("keys inspect k.gpg --passphrase-file p", use);
  assert.equal(code, 0);
  assertGolden("cli/keys-inspect.txt", stdout);
  const json = JSON.parse((await runLine("keys inspect k.gpg --passphrase-file p --format json", use)).stdout);
  assert.deepEqual(json.bundle.files.map(({ mode }: { mode: string }) => mode), ["0644", "0600"]);
});

test("keys inspect without a secret tells what the bundle is sealed to", async () => {
  const { code, stdout } = await runLine("keys inspect k.gpg", {
    inspectKeys: ({ passphraseFile, privateKeyFile }) => {
      assert.deepEqual([passphraseFile, privateKeyFile], [undefined, undefined]);
      return Promise.resolve({ sealedTo: byPassphrase });
    },
  });
  assert.deepEqual([code, stdout], [0, "k.gpg: sealed to a passphrase\n"]);
});
