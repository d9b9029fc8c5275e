import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  type FileReference,
  readConfigFile,
  readSecretFile,
  readSecretLine,
} from "../../../src/adapters/host-config/read-files.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { tempFolder } from "../../support/temp.ts";

const { path: folder, dispose } = tempFolder("config");
after(dispose);

/** A file of that content, as agent.yaml names it. */
function file(name: string, content: string | Uint8Array): FileReference {
  writeFileSync(join(folder, name), content);
  return { kind: "path", path: join(folder, name) };
}

async function refused(reading: Promise<unknown>, says: RegExp, advises: RegExp): Promise<void> {
  const error = await reading.then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof HoldfastError);
  assert.deepEqual([error.code, error.retry], ["CONFIG_READ", "operator"]);
  assert.match(error.message, says);
  assert.match(error.hint, advises);
  assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cret/);
}

test("readConfigFile() says what it did not find, and where one comes from", async () => {
  await refused(readConfigFile(join(folder, "gone.yaml")), /gone\.yaml": there is no such file/, /--config.*install/);
  await refused(readConfigFile(folder), /it is a folder/, /--config/);
  const latin = file("latin.yaml", Buffer.from("# \xe9", "latin1")) as { readonly path: string };
  await refused(readConfigFile(latin.path), /latin\.yaml/, /--config/);
});

test("readSecretLine() takes the line end off, and nothing else", async () => {
  for (const [content, expected] of [["s3cret\n", "s3cret"], ["s3cret\r\n", "s3cret"], [" s3cret ", " s3cret "]]) {
    assert.equal(await readSecretLine(file("token", content!), "credentials.tokenFile"), expected);
  }
});

for (
  const [name, content, says] of [["nothing", "\n", /it is empty/], [
    "two lines",
    "s3cret\nx\n",
    /it has more than one line/,
  ]] as const
) {
  test(`readSecretLine() refuses a file with ${name}, without its content`, async () => {
    const reading = readSecretLine(file("token", content), "credentials.tokenFile");
    await refused(reading, new RegExp(`\\(credentials\\.tokenFile\\): ${says.source}`), /on one line/);
  });
}

test("readSecretFile() reads anew each time: a rotated passphrase needs no restart", async () => {
  const reference = file("passphrase", "old");
  assert.equal(Buffer.from(await readSecretFile(reference, "unlock.passphraseFile")).toString(), "old");
  file("passphrase", "new");
  assert.equal(Buffer.from(await readSecretFile(reference, "unlock.passphraseFile")).toString(), "new");
});

test("readSecretFile() refuses what is no secret: a missing file, a folder, one that is too large", async () => {
  const read = (reference: FileReference) => readSecretFile(reference, "unlock.passphraseFile");
  await refused(
    read({ kind: "path", path: join(folder, "gone") }),
    /gone" \(unlock\.passphraseFile\): there is no such/,
    /readable/,
  );
  mkdirSync(join(folder, "folder"));
  await refused(read({ kind: "path", path: join(folder, "folder") }), /it is a folder/, /readable/);
  await refused(read(file("large", Buffer.alloc((1 << 20) + 1))), /at most 1048576 are read/, /readable/);
});

test("readSecretFile() finds a credential where systemd puts it, and says how to hand one over", async (context) => {
  const before = process.env["CREDENTIALS_DIRECTORY"];
  context.after(() => {
    if (before === undefined) delete process.env["CREDENTIALS_DIRECTORY"];
    else process.env["CREDENTIALS_DIRECTORY"] = before;
  });
  const credential: FileReference = { kind: "credential", name: "token" };
  file("token", "s3cret");
  process.env["CREDENTIALS_DIRECTORY"] = folder;
  assert.equal(await readSecretLine(credential, "credentials.tokenFile"), "s3cret");
  delete process.env["CREDENTIALS_DIRECTORY"];
  await refused(readSecretLine(credential, "credentials.tokenFile"), /credential "token"/, /LoadCredential=token:/);
});
