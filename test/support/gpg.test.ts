import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { output } from "./command.ts";
import { gpgHome } from "./gpg.ts";
import { tempFolder } from "./temp.ts";

const gpg = gpgHome();
after(() => gpg.dispose());
const temp = tempFolder();
after(() => temp.dispose());
const folder = join(temp.path, "keys-generated");
mkdirSync(join(folder, "certs"), { recursive: true });
writeFileSync(join(folder, "certs/private.key"), "PEM\n");

const members = async (archive: Buffer): Promise<string[]> =>
  (await output("tar", ["--list"], { input: archive })).toString().trim().split("\n");

test("sealSymmetric() makes what the operator's guide makes", async () => {
  const sealed = await gpg.sealSymmetric(folder, "correct horse");
  const expected = ["keys-generated/", "keys-generated/certs/", "keys-generated/certs/private.key"];
  assert.deepEqual((await members(await gpg.decrypt(sealed, "correct horse"))).sort(), expected);
  await assert.rejects(gpg.decrypt(sealed, "wrong"), /Bad session key/);
});

test("sealTo() is opened by the recipient's key", async () => {
  const fingerprint = await gpg.generateKey({ userId: "Host <host@example.com>", passphrase: "pw" });
  const sealed = await gpg.sealTo(folder, [fingerprint]);
  assert.match(await gpg.exportPublic(fingerprint), /BEGIN PGP PUBLIC KEY BLOCK/);
  assert.match(await gpg.exportSecret(fingerprint, "pw"), /BEGIN PGP PRIVATE KEY BLOCK/);
  assert.equal((await members(await gpg.decrypt(sealed, "pw"))).length, 3);
});
