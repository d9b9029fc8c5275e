import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { type KeyringOptions, openpgpKeyring } from "../../../src/adapters/openpgp/keyring.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { scriptArguments } from "../../support/child.ts";
import { output } from "../../support/command.ts";
import { gpgHome } from "../../support/gpg.ts";
import { tempFolder } from "../../support/temp.ts";

const never = new AbortController().signal;
const passphrase = "correct horse";
const gpg = gpgHome();
after(() => gpg.dispose());
const temp = tempFolder("keys");
after(() => temp.dispose());
const folder = join(temp.path, "keys-generated");
mkdirSync(folder);
writeFileSync(join(folder, "private.key"), randomBytes(3000).toString("base64"));

const options: KeyringOptions = { passphrase: () => Promise.resolve(passphrase) };
const quickly = ["--s2k-mode", "1"]; // the hashing of the passphrase is not what is tested here

async function isRefused(message: Uint8Array, unlock = options): Promise<void> {
  await assert.rejects(openpgpKeyring(unlock).decrypt(message, never), (error) => {
    assert.ok(error instanceof HoldfastError, String(error));
    assert.equal(error.code, "KEYS_DECRYPT");
    return true;
  });
}

const kinds = [
  { name: "symmetric", seal: () => gpg.sealSymmetric(folder, passphrase, quickly) },
  { name: "armored", seal: () => gpg.sealSymmetric(folder, passphrase, [...quickly, "--armor"]) },
  { name: "uncompressed", seal: () => gpg.sealSymmetric(folder, passphrase, [...quickly, "--compress-algo", "none"]) },
  {
    name: "public-key",
    seal: () => gpg.sealTo(folder, [key.fingerprint]),
    unlock: { privateKey: () => Promise.resolve(key.exported) },
  },
];
const key = await newKey();
for (const { name, seal, unlock } of kinds) {
  test(`decrypt() refuses a ${name} bundle that was cut at any percent of its length`, async () => {
    const sealed = await seal();
    for (let percent = 0; percent < 100; percent++) {
      await isRefused(sealed.subarray(0, Math.floor(sealed.length * percent / 100)), unlock);
    }
    if (name !== "armored") await isRefused(sealed.subarray(0, -1), unlock);
  });

  test(`decrypt() refuses a ${name} bundle with any bit flipped, or opens it to the same bytes`, async () => {
    const sealed = await seal();
    const whole = await openpgpKeyring(unlock ?? options).decrypt(sealed, never);
    for (let n = 0; n < 200; n++) {
      const flipped = Buffer.from(sealed);
      flipped[Math.floor(sealed.length * n / 200)]! ^= 1 << n % 8;
      // Armor has redundant text (line ends, headers, checksum), and a key's packet a wrong version of its id.
      const opened = await openpgpKeyring(unlock ?? options).decrypt(flipped, never).catch((error) => error);
      if (opened instanceof Uint8Array) assert.deepEqual(opened, whole, `byte ${Math.floor(sealed.length * n / 200)}`);
      else assert.ok(opened instanceof HoldfastError && opened.code.startsWith("KEYS_"), String(opened));
    }
  });

  test(`decrypt() refuses a ${name} bundle with something behind it`, async () => {
    const sealed = await seal();
    if (name === "armored") {
      return await isRefused(Buffer.concat([sealed.subarray(0, -20), Buffer.from("=junk")]), unlock);
    }
    for (const junk of [Buffer.from([0]), randomBytes(100), sealed, sealed.subarray(0, 50)]) {
      await isRefused(Buffer.concat([sealed, junk]), unlock);
    }
  });
}

test("decrypt() opens up to its limit and refuses more, before it is sealed and after", async () => {
  writeFileSync(join(folder, "large"), "x".repeat(100_000));
  const sealed = await gpg.sealSymmetric(folder, passphrase, quickly);
  const opened = await openpgpKeyring({ ...options, maxBytes: 200_000 }).decrypt(sealed, never);
  assert.ok(opened.length > 100_000);
  await assert.rejects(openpgpKeyring({ ...options, maxBytes: 50_000 }).decrypt(sealed, never), {
    code: "KEYS_DECRYPT",
    retry: "next-revision",
    message: /opens to more than 50000 bytes/,
  });
  await assert.rejects(openpgpKeyring({ ...options, maxBytes: 1000 }).decrypt(sealed, never), {
    message: /at most 1000 are opened/,
  });
});

for (const algorithm of ["zlib", "bzip2"]) {
  test(`decrypt() refuses a bomb (${algorithm}) without taking the memory that it would`, async () => {
    const sealed = await gpg.run([...quickly, "--compress-algo", algorithm, "--symmetric", "--output", "-"], {
      input: Buffer.alloc(256 << 20),
      passphrase,
    });
    assert.ok(sealed.length < 1 << 20);
    const bomb = join(temp.path, `bomb.${algorithm}`);
    writeFileSync(bomb, sealed);
    const small = join(temp.path, "small.gpg");
    writeFileSync(small, await gpg.sealSymmetric(folder, passphrase, quickly));
    const [usual, attacked] = [await peakMemory(small), await peakMemory(bomb)];
    assert.equal(usual.answer, "opened");
    assert.equal(attacked.answer, "KEYS_DECRYPT");
    const more = (attacked.peakBytes - usual.peakBytes) / (256 << 20);
    assert.ok(more < 0.6, `it took ${more} of what it opens to`); // without a limit: more than twice that
  });
}

test("decrypt() hashes a passphrase as gpg does by default without a buffer of that size", async () => {
  const byDefault = join(temp.path, "default.gpg");
  writeFileSync(byDefault, await gpg.sealSymmetric(folder, passphrase));
  const light = join(temp.path, "light.gpg");
  writeFileSync(light, await gpg.sealSymmetric(folder, passphrase, quickly));
  const [usual, hashed] = [await peakMemory(light), await peakMemory(byDefault)];
  assert.equal(hashed.answer, "opened");
  assert.ok(hashed.peakBytes < usual.peakBytes + 40e6, `${hashed.peakBytes} against ${usual.peakBytes} bytes`); // else 65e6 or more
});

async function peakMemory(path: string): Promise<{ readonly answer: string; readonly peakBytes: number }> {
  const script = scriptArguments(new URL("_open-file.ts", import.meta.url));
  return JSON.parse((await output(process.execPath, [...script, path, passphrase])).toString());
}

async function newKey() {
  const fingerprint = await gpg.generateKey({ userId: "Host <host@example.com>", algorithm: "future-default" });
  return { fingerprint, exported: await gpg.exportSecret(fingerprint) };
}
