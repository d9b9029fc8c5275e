import assert from "node:assert/strict";
import { test } from "node:test";
import { digestKey } from "../../src/model/digest.ts";
import { looksSecret, maskValue } from "../../src/model/secrets.ts";

const secret = [
  "MINIO_SECRET_KEY",
  "DEPLOYMENTS_AWS_AUTH_KEY",
  "APIKEY",
  "apiToken",
  "db.password",
  "MYSQL_ROOT_PASSWORD",
  "DB_PWD",
  "GPG_PASSPHRASE",
  "aws-credentials",
  "SMTP_PASS",
];
const open = [
  "ALLOWED_HOSTS",
  "PWD",
  "KEYBOARD",
  "MAX_CONNECTIONS",
  "STORAGE_BACKEND_CERT",
  "PASSENGER_COUNT",
  "COMPASS",
];

for (const name of secret) {
  test(`looksSecret() masks ${name}`, () => assert.equal(looksSecret(name), true));
}
for (const name of open) {
  test(`looksSecret() shows ${name}`, () => assert.equal(looksSecret(name), false));
}

test("looksSecret() masks a URL with a password, whatever its name", () => {
  assert.equal(looksSecret("DATABASE", "postgres://app:hunter2@db/app"), true);
  assert.equal(looksSecret("DATABASE", "postgres://app@db:5432/app"), false);
});

test("maskValue() gives equal masks to equal values of one key, others to another key", () => {
  const first = digestKey(new Uint8Array(32).fill(1));
  const second = digestKey(new Uint8Array(32).fill(2));
  assert.match(maskValue(first, "hunter2"), /^‹[0-9a-f]{8}›$/);
  assert.equal(maskValue(first, "hunter2"), maskValue(first, "hunter2"));
  assert.notEqual(maskValue(first, "hunter2"), maskValue(first, "hunter3"));
  assert.notEqual(maskValue(first, "hunter2"), maskValue(second, "hunter2"));
});
