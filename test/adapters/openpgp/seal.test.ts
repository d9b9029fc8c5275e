import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openpgpKeyring } from "../../../src/adapters/openpgp/keyring.ts";
import { sealSymmetric, sealToRecipients } from "../../../src/adapters/openpgp/seal.ts";
import { gpgHome } from "../../support/gpg.ts";
import { until } from "../../support/until.ts";

const never = new AbortController().signal;
const bytes = Buffer.from("a tar of keys\0".repeat(1000));
const gpg = gpgHome();
after(() => gpg.dispose());

for (const format of ["binary", "armored"] as const) {
  test(`sealSymmetric() makes what gpg opens and holdfast too (${format})`, async () => {
    const sealed = await sealSymmetric(bytes, "correct horse, battéry", { format });
    assert.equal(sealed[0]! < 0x80, format === "armored");
    assert.deepEqual(await gpg.decrypt(sealed, "correct horse, battéry"), bytes);
    const keyring = openpgpKeyring({ passphrase: () => Promise.resolve("correct horse, battéry\n") });
    assert.deepEqual(Buffer.from(await keyring.decrypt(sealed, never)), bytes);
    await assert.rejects(gpg.decrypt(sealed, "wrong"));
  });
}

for (const recipients of ["named", "hidden"] as const) {
  test(`sealToRecipients() makes what each recipient's gpg opens (${recipients}, RSA and Curve25519)`, async () => {
    await using other = gpgHome();
    const rsa = await gpg.generateKey({ userId: "RSA <rsa@example.com>", algorithm: "default" });
    const curve = await other.generateKey({ userId: "Curve <curve@example.com>", algorithm: "future-default" });
    const publicKeys = [await gpg.exportPublic(rsa), await other.exportPublic(curve)];
    const sealed = await sealToRecipients(bytes, publicKeys, { format: "binary", recipients });
    assert.deepEqual(await gpg.decrypt(sealed), bytes);
    assert.deepEqual(await other.decrypt(sealed), bytes);
    const privateKey = await other.exportSecret(curve);
    const keyring = openpgpKeyring({ privateKey: () => Promise.resolve(privateKey) });
    assert.deepEqual(Buffer.from(await keyring.decrypt(sealed, never)), bytes);
    const packets = (await gpg.run(["--list-packets"], { input: sealed })).toString();
    assert.equal(packets.match(/keyid 0{16}/g)?.length, recipients === "hidden" ? 2 : undefined);
  });
}

test("sealToRecipients() refuses what nothing can be sealed to", async () => {
  const seal = (...keys: string[]) => sealToRecipients(bytes, keys, { format: "binary", recipients: "named" });
  const expired = await gpg.generateKey({
    userId: "Old <old@example.com>",
    algorithm: "future-default",
    expires: "seconds=1",
  });
  await assert.rejects(seal(), { code: "KEYS_UNLOCK", message: /no recipient/ });
  await assert.rejects(seal("nonsense"), { code: "KEYS_UNLOCK", message: /no armored OpenPGP key/ });
  const text = await gpg.exportPublic(expired);
  await until("the key to expire", async () => (await gpg.run(["--list-keys", expired])).includes("expired"));
  await assert.rejects(seal(text), { code: "KEYS_UNLOCK", message: /nothing can be encrypted to [0-9A-F]{40}/ });
});
