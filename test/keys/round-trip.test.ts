import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { wireKeys } from "../../src/wire-keys.ts";
import { createAuthority } from "../support/certificates.ts";
import { output } from "../support/command.ts";
import { gpgHome } from "../support/gpg.ts";
import { memoryFolder } from "../support/temp.ts";

const never = new AbortController().signal;
const keys = wireKeys();
const passphrase = "correct horse, battéry";
const gpg = gpgHome();
const work = memoryFolder("round");
after(async () => {
  await gpg.dispose();
  await work.dispose();
});

const at = (...names: string[]): string => join(work.path, ...names);
const passphraseFile = at("passphrase");
writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
const keyBytes = "-- the bytes of a key that nobody may see --";
const folder = at("keys-generated");
const authority = await createAuthority();
after(() => authority.dispose());
const gateway = await authority.certify(["mender.example.com", "s3.example.com"]);

mkdirSync(at("keys-generated/certs"), { recursive: true });
put("certs/gateway.crt", gateway.cert, 0o644);
put("certs/gateway.key", gateway.key, 0o600);
put("token", keyBytes, 0o400);
const isRoot = process.getuid!() === 0;
if (isRoot) chownSync(at("keys-generated/token"), 65534, 65534);

function put(path: string, text: string, mode: number): void {
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), mode);
}

/** `mode uid text` of each file by path. */
function contentOf(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, uid } = lstatSync(path);
      return [relative(root, path), `${(mode & 0o777).toString(8)} ${uid} ${readFileSync(path, "utf8")}`];
    }).sort(),
  );
}

let count = 0;
const next = (name: string): string => at(`${name}-${++count}`);

async function seal(more: Partial<Parameters<typeof keys.sealKeys>[0]> = {}): Promise<string> {
  const bundle = next("bundle");
  const to = { kind: "passphrase", file: passphraseFile } as const;
  await keys.sealKeys({ folder, output: bundle, to, format: "binary", ...more }, never);
  return bundle;
}

/** What `gpg --decrypt BUNDLE | tar x` makes. */
async function openWithGpg(bundle: string, secret?: string): Promise<string> {
  const into = next("gpg");
  mkdirSync(into);
  const tar = await gpg.decrypt(readFileSync(bundle), secret);
  await output("tar", ["--extract", "--preserve-permissions", "--directory", into], { input: tar });
  return into;
}

for (const format of ["binary", "armored"] as const) {
  test(`gpg and tar open what seal makes with a passphrase, modes and owners too (${format})`, async () => {
    const bundle = await seal({ format });
    assert.equal(readFileSync(bundle)[0]! < 0x80, format === "armored");
    const opened = await openWithGpg(bundle, passphrase);
    assert.deepEqual(readdirSync(opened), ["keys-generated"]);
    assert.deepEqual(contentOf(join(opened, "keys-generated")), contentOf(folder));
  });
}

for (const algorithm of ["default", "future-default"] as const) {
  test(`seal and gpg open each other's bundles for a public key (${algorithm})`, async () => {
    const fingerprint = await gpg.generateKey({ userId: `${algorithm} <k@example.com>`, algorithm, passphrase: "own" });
    const [publicKey, binaryKey, privateKeyFile, own] = [next("pub"), next("pub"), next("secret"), next("own")];
    writeFileSync(publicKey, await gpg.exportPublic(fingerprint));
    writeFileSync(binaryKey, await gpg.run(["--export", fingerprint]));
    writeFileSync(privateKeyFile, await gpg.exportSecret(fingerprint, "own"));
    writeFileSync(own, "own");
    const unlock = { privateKeyFile, passphraseFile: own };
    for (const file of [publicKey, binaryKey]) {
      const bundle = await seal({ to: { kind: "recipients", files: [file] } });
      assert.deepEqual(contentOf(join(await openWithGpg(bundle, "own"), "keys-generated")), contentOf(folder));
      const { sealedTo } = await keys.inspectKeys({ bundle }, never);
      assert.deepEqual([sealedTo.byPassphrase, sealedTo.keyIds.length, sealedTo.hidden], [false, 1, 0]);
      const subkeys = (await gpg.run(["--list-keys", "--with-colons", fingerprint])).toString();
      assert.ok(subkeys.includes(sealedTo.keyIds[0]!), sealedTo.keyIds[0]);
    }
    const bundle = next("bundle");
    writeFileSync(bundle, await gpg.sealTo(folder, [fingerprint]));
    const into = next("opened");
    await keys.openKeys({ bundle, output: `${into}/`, ...unlock, modes: "bundle" }, never);
    assert.deepEqual(contentOf(join(into, "keys-generated")), contentOf(folder));
  });
}

test("open reads `tar c | gpg -c`: for its owner alone, or as it is in the bundle to be sealed again", async () => {
  const bundle = next("bundle");
  writeFileSync(bundle, await gpg.sealSymmetric(folder, passphrase));
  mkdirSync(at("strict"));
  const strict = at("strict/keys-generated"); // the name of the archive's top folder
  const first = await keys.openKeys({ bundle, output: strict, passphraseFile, modes: "strict" }, never);
  assert.deepEqual([first.fileCount, first.stricterCount, first.storage], [3, 1, "memory"]);
  const modes = Object.values(contentOf(strict)).map((content) => content.slice(0, 3));
  assert.deepEqual(modes, ["600", "600", "400"]);
  assert.equal(lstatSync(join(strict, "certs")).mode & 0o777, 0o700);

  mkdirSync(at("kept"));
  const kept = at("kept/keys-generated");
  await keys.openKeys({ bundle, output: kept, passphraseFile, modes: "bundle" }, never);
  assert.equal(lstatSync(kept).mode & 0o777, 0o700);
  assert.deepEqual(contentOf(kept), contentOf(folder));
  const again = await seal({ folder: kept });
  assert.deepEqual(contentOf(join(await openWithGpg(again, passphrase), "keys-generated")), contentOf(folder));
});

test("inspect tells names, ends, algorithms and lengths, and no byte of a key", async () => {
  const bundle = await seal();
  const inspected = await keys.inspectKeys({ bundle, passphraseFile }, never);
  const files = new Map(inspected.files!.map((file) => [file.path, file]));
  assert.deepEqual(
    [...files.keys()],
    ["certs/gateway.crt", "certs/gateway.key", "token"].map((path) => `keys-generated/${path}`),
  );
  assert.ok(files.get("keys-generated/certs/gateway.crt")!.pem!.certificates[0]!.names.includes("s3.example.com"));
  assert.equal(files.get("keys-generated/certs/gateway.key")!.pem!.privateKeys[0]!.algorithm, "ec");
  assert.deepEqual(files.get("keys-generated/token"), {
    path: "keys-generated/token",
    size: keyBytes.length,
    mode: 0o400,
    uid: isRoot ? 65534 : process.getuid!(),
    gid: isRoot ? 65534 : process.getgid!(),
  });
  const told = JSON.stringify(inspected);
  const secrets = [keyBytes, passphrase, gateway.key.split("\n")[1]!];
  assert.deepEqual(secrets.filter((secret) => told.includes(secret)), []);
});

test("a wrong passphrase, a cut bundle and one that this key does not open write nothing, and name the options", async () => {
  const bundle = await seal();
  const wrong = next("wrong");
  writeFileSync(wrong, "wrong");
  const output = next("out");
  const open = (more: object) => keys.openKeys({ bundle, output, passphraseFile, modes: "strict", ...more }, never);
  await assert.rejects(open({ passphraseFile: wrong }), { code: "KEYS_DECRYPT", hint: /--passphrase-file/ });
  await assert.rejects(open({ passphraseFile: undefined, privateKeyFile: wrong }), { code: "KEYS_DECRYPT" });
  await assert.rejects(open({ passphraseFile: at("none") }), { code: "KEYS_UNLOCK", message: /no such file/ });
  const cut = next("cut");
  writeFileSync(cut, readFileSync(bundle).subarray(0, 700));
  await assert.rejects(open({ bundle: cut }), { code: "KEYS_DECRYPT", message: new RegExp(`"${cut}"`) });
  assert.equal(existsSync(output), false);
});

test("seal refuses to write the bundle into the folder, and keeps the bundle that it cannot replace", async () => {
  await assert.rejects(seal({ output: join(folder, "keys.gpg") }), { code: "USAGE" });
  const bundle = await seal();
  const before = readFileSync(bundle);
  const empty = next("empty");
  writeFileSync(empty, "\n");
  const to = { kind: "passphrase", file: empty } as const;
  await assert.rejects(seal({ output: bundle, to }), { code: "KEYS_UNLOCK", hint: /--passphrase-file/ });
  assert.deepEqual(readFileSync(bundle), before);
});
