import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type KeyringOptions, openpgpKeyring } from "../../../src/adapters/openpgp/keyring.ts";
import { tarArchive } from "../../../src/adapters/tar/archive.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { gpgHome, type NewKey } from "../../support/gpg.ts";
import { tempFolder } from "../../support/temp.ts";

const never = new AbortController().signal;
const passphrase = "correct horse, battéry";
const gpg = gpgHome();
after(() => gpg.dispose());
const temp = tempFolder("keys");
after(() => temp.dispose());
const folder = join(temp.path, "keys-generated");
mkdirSync(join(folder, "certs"), { recursive: true });
writeFileSync(join(folder, "certs/private.key"), "PEM\n".repeat(500));
writeFileSync(join(folder, "server.crt"), "certificate");

const withPassphrase = (text: string): KeyringOptions => ({ passphrase: () => Promise.resolve(text) });
const open = (message: Uint8Array, options: KeyringOptions) => openpgpKeyring(options).decrypt(message, never);

async function opensWith(message: Uint8Array, options: KeyringOptions): Promise<void> {
  const files = await tarArchive().unpack(await open(message, options), never);
  assert.deepEqual(files.map(({ path }) => path), ["keys-generated/certs/private.key", "keys-generated/server.crt"]);
  assert.equal(Buffer.from(files[0]!.bytes).toString(), "PEM\n".repeat(500));
}

const symmetric: readonly (readonly string[])[] = [
  [],
  ["--armor"],
  ["--cipher-algo", "AES"],
  ["--cipher-algo", "AES192"],
  ["--cipher-algo", "3DES"],
  ["--cipher-algo", "CAST5"],
  ["--cipher-algo", "TWOFISH"],
  ["--compress-algo", "zlib"],
  ["--compress-algo", "bzip2"],
  ["--compress-algo", "none"],
  ["--s2k-mode", "0"],
  ["--s2k-mode", "1"],
  ["--s2k-digest-algo", "SHA256"],
  ["--s2k-digest-algo", "SHA512"],
  ["--s2k-digest-algo", "RIPEMD160"],
  ["--s2k-count", "65536"],
  ["--disable-mdc"], // gpg 2.2 ignores it
];
for (const args of symmetric) {
  test(`decrypt() opens what gpg ${[...args, "--symmetric"].join(" ")} writes`, async () => {
    const sealed = await gpg.sealSymmetric(folder, passphrase, args);
    await opensWith(sealed, withPassphrase(passphrase));
    await refused(sealed, withPassphrase("wrong"), { says: /wrong passphrase or damaged file/, retry: "operator" });
  });
}

test("decrypt() takes one newline off a passphrase, no more", async () => {
  const sealed = await gpg.sealSymmetric(folder, passphrase);
  await opensWith(sealed, { passphrase: () => Promise.resolve(Buffer.from(`${passphrase}\n`)) });
  await opensWith(sealed, withPassphrase(`${passphrase}\r\n`));
  await refused(sealed, withPassphrase(`${passphrase}\n\n`), { says: /wrong passphrase/ });
  await refused(sealed, withPassphrase(` ${passphrase}`), { says: /wrong passphrase/ });
});

for (const [curve, algorithm] of [["RSA", "default"], ["Curve25519", "future-default"]] as const) {
  for (const secret of ["", "key's own passphrase"]) {
    test(`decrypt() opens what is sealed to a key (${curve}, ${secret ? "with" : "without"} passphrase)`, async () => {
      const options = await newKey({ algorithm, secret });
      const other = await newKey({ secret: "" });
      await opensWith(await gpg.sealTo(folder, [options.fingerprint]), options);
      await opensWith(await gpg.sealTo(folder, [options.fingerprint], ["--armor"]), options);
      await opensWith(await gpg.sealTo(folder, [other.fingerprint, options.fingerprint]), options);
      await opensWith(await gpg.sealTo(folder, [other.fingerprint, options.fingerprint], ["--throw-keyids"]), options);
    });
  }
}

test("decrypt() opens what is sealed to a key and a passphrase with either", async () => {
  const key = await newKey({ secret: "" });
  const args = ["--recipient", key.fingerprint, "--encrypt"];
  const sealed = await gpg.sealSymmetric(folder, passphrase, args);
  await opensWith(sealed, withPassphrase(passphrase));
  await opensWith(sealed, key);
  await opensWith(sealed, { ...await newKey({ secret: "" }), ...withPassphrase(passphrase) });
  await refused(sealed, {}, { says: /sealed to [0-9A-F ]+ and a passphrase, this host holds no passphrase/ });
});

test("decrypt() opens a bundle that is signed as well", async () => {
  const key = await newKey({ secret: "" });
  await opensWith(await gpg.sealTo(folder, [key.fingerprint], ["--sign", "--local-user", key.fingerprint]), key);
});

test("decrypt() opens with a binary key, with several keys in one file, and with the subkeys alone", async () => {
  const key = await newKey({ secret: "" });
  const other = await newKey({ secret: "" });
  const sealed = await gpg.sealTo(folder, [key.fingerprint]);
  const binary = await gpg.run(["--export-secret-keys", other.fingerprint, key.fingerprint]);
  await opensWith(sealed, { privateKey: () => Promise.resolve(binary) });
  const subkeys = await gpg.run(["--export-secret-subkeys", key.fingerprint]);
  await opensWith(sealed, { privateKey: () => Promise.resolve(subkeys) });
  await opensWith(await gpg.sealTo(folder, [key.fingerprint], ["--throw-keyids"]), {
    privateKey: () => Promise.resolve(subkeys),
  });
});

test("decrypt() names both ids when the bundle is sealed to somebody else", async () => {
  const ours = await newKey({ secret: "" });
  const theirs = await newKey({ secret: "" });
  const sealed = await gpg.sealTo(folder, [theirs.fingerprint]);
  const error = await refused(sealed, ours, { says: /sealed to/, retry: "next-revision" });
  const [sealedTo, holds] = [await subkeyId(theirs.fingerprint), await subkeyId(ours.fingerprint)];
  assert.equal(error.message, `Cannot decrypt the keys bundle: sealed to ${sealedTo}, this host holds ${holds}`);
  await refused(sealed, withPassphrase(passphrase), { says: /sealed to .*, this host holds no private key/ });
  const hidden = await gpg.sealTo(folder, [theirs.fingerprint], ["--throw-keyids"]);
  await refused(hidden, ours, { says: /damaged, or its hidden recipient is not this host/ });
  await refused(await gpg.sealSymmetric(folder, passphrase), ours, {
    says: /sealed to a passphrase, this host holds no/,
  });
});

const unreadable = [
  {
    name: "a passphrase that cannot be read",
    options: { passphrase: () => Promise.reject(new Error("gone")) },
    says: /gone/,
  },
  { name: "an empty passphrase", options: withPassphrase("\n"), says: /the passphrase is empty/ },
  {
    name: "a passphrase that is no text",
    options: { passphrase: () => Promise.resolve(Buffer.from([0x61, 0xff])) },
    says: /not UTF-8/,
  },
];
for (const { name, options, says } of unreadable) {
  test(`decrypt() and fingerprint() name ${name}`, async () => {
    const sealed = await gpg.sealSymmetric(folder, passphrase);
    await refused(sealed, options, { code: "KEYS_UNLOCK", says, retry: "operator" });
    await assert.rejects(openpgpKeyring(options).fingerprint(never), { code: "KEYS_UNLOCK" });
  });
}

test("decrypt() names a private key that it cannot use", async () => {
  const key = await newKey({ secret: "own" });
  const sealed = await gpg.sealTo(folder, [key.fingerprint]);
  const unlock = { code: "KEYS_UNLOCK", retry: "operator" } as const;
  await refused(sealed, { privateKey: key.privateKey }, { ...unlock, says: /has a passphrase, and none is given/ });
  await refused(sealed, { ...key, ...withPassphrase("no") }, { ...unlock, says: /does not open the private key/ });
  await refused(sealed, { privateKey: () => Promise.resolve("nothing") }, {
    ...unlock,
    says: /no OpenPGP private key/,
  });
  const publicKey = () => gpg.exportPublic(key.fingerprint);
  await refused(sealed, { privateKey: publicKey }, { ...unlock, says: /no OpenPGP private key/ });
});

test("decrypt() refuses a bundle without integrity protection", async () => {
  const sealed = await gpg.sealSymmetric(folder, passphrase, ["--rfc2440"]);
  await refused(sealed, withPassphrase(passphrase), { says: /no integrity protection/, retry: "next-revision" });
});

for (const cipher of ["IDEA", "CAMELLIA128", "CAMELLIA256"]) {
  test(`decrypt() says of ${cipher} that it is not supported, not that the passphrase is wrong`, async () => {
    const sealed = await gpg.sealSymmetric(folder, passphrase, ["--cipher-algo", cipher]);
    const error = await refused(sealed, withPassphrase(passphrase), { says: /not support/, retry: "next-revision" });
    assert.equal(
      error.message,
      `Cannot decrypt the keys bundle: it is sealed with ${cipher}, which holdfast does not support`,
    );
    assert.match(error.hint, /gpg --cipher-algo AES256/);
  });
}

test("decrypt() says of a cipher behind a public key that it is not supported", async () => {
  const key = await newKey({ secret: "", algorithm: "default" });
  const sealed = await gpg.sealTo(folder, [key.fingerprint], ["--cipher-algo", "CAMELLIA256"]);
  await refused(sealed, key, { says: /a cipher that holdfast does not support/, retry: "next-revision" });
});

for (const curve of ["brainpoolP256r1", "secp256k1"]) {
  test(`decrypt() says of a key on ${curve} that the curve is not supported`, async () => {
    const primary = await gpg.generateKey({ userId: `${curve} <${curve}@example.com>`, algorithm: curve });
    await gpg.run(["--quick-add-key", primary, curve, "encr"], { passphrase: "" });
    const exported = await gpg.exportSecret(primary);
    const options = { privateKey: () => Promise.resolve(exported) };
    for (const hide of [[], ["--throw-keyids"]]) {
      const sealed = await gpg.sealTo(folder, [primary], hide);
      await refused(sealed, options, {
        code: "KEYS_UNLOCK",
        says: new RegExp(`curve ${curve}, which`),
        retry: "operator",
      });
    }
  });
}

test("decrypt() says of a message of another version that its form is not supported", async () => {
  const sealed = await gpg.sealSymmetric(folder, passphrase);
  for (const [at, value] of [[2, 9], [4, 99]] as const) {
    const changed = Buffer.from(sealed);
    changed[at] = value; // the version of the session key's packet; how the passphrase is hashed
    await refused(changed, withPassphrase(passphrase), { says: /in a form that holdfast does not support/ });
  }
});

test("decrypt() refuses what is no bundle", async () => {
  const options = withPassphrase(passphrase);
  const key = await newKey({ secret: "" });
  const clear = await gpg.run(["--sign", "--local-user", key.fingerprint], { input: "text" });
  for (const bytes of [Buffer.alloc(0), Buffer.from("version https://git-lfs"), Buffer.alloc(100, 0xff)]) {
    await refused(bytes, options, { says: /no OpenPGP message/, retry: "next-revision" });
  }
  await refused(clear, options, { says: /it is not encrypted/ });
  await refused(Buffer.from(await gpg.exportPublic(key.fingerprint)), options, {
    says: /no OpenPGP message|not encrypted/,
  });
});

test("fingerprint() changes with the secret, tells nothing of it, and differs from process to process", async () => {
  let secret = "one";
  const keyring = openpgpKeyring({ passphrase: () => Promise.resolve(secret) });
  const first = await keyring.fingerprint(never);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(await keyring.fingerprint(never), first);
  secret = "two";
  assert.notEqual(await keyring.fingerprint(never), first);
  assert.notEqual(await openpgpKeyring(withPassphrase("one")).fingerprint(never), first);
  await assert.rejects(keyring.fingerprint(AbortSignal.abort(new Error("enough"))), /enough/);
});

interface Expected {
  readonly code?: string;
  readonly says: RegExp;
  readonly retry?: HoldfastError["retry"];
}

async function refused(message: Uint8Array, options: KeyringOptions, expected: Expected): Promise<HoldfastError> {
  try {
    await open(message, options);
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    assert.equal(error.code, expected.code ?? "KEYS_DECRYPT");
    assert.match(error.message, expected.says);
    if (expected.retry) assert.equal(error.retry, expected.retry);
    assert.ok(!`${error.message} ${error.hint}`.includes(passphrase));
    return error;
  }
  assert.fail("it was opened");
}

let users = 0;
async function newKey({ secret, algorithm = "future-default" }: {
  readonly secret: string;
  readonly algorithm?: NewKey["algorithm"];
}) {
  const userId = `Host ${++users} <host${users}@example.com>`;
  const fingerprint = await gpg.generateKey({ userId, passphrase: secret, algorithm });
  const exported = await gpg.exportSecret(fingerprint, secret);
  const privateKey = () => Promise.resolve(exported);
  return { fingerprint, privateKey, ...(secret && withPassphrase(secret)) };
}

async function subkeyId(fingerprint: string): Promise<string> {
  const listed = (await gpg.run(["--with-colons", "--list-keys", fingerprint])).toString();
  return /^sub:(?:[^:]*:){3}([0-9A-F]{16}):/m.exec(listed)![1]!.replaceAll(/(.{4})(?=.)/g, "$1 ");
}
