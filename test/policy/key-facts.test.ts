import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { pemFacts, pemFactsByPath } from "../../src/policy/key-facts.ts";

// Two certificates of one P-256 key, made with openssl, which also told the digests below.
const commonNameOnly = `-----BEGIN CERTIFICATE-----
MIIBjTCCATOgAwIBAgIUZZPW4QM77p30v5EJyiDQRIR7qzcwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQTWVuZGVyLmFjbWUudGVzdDAgFw0yNjExMjExMDMxMTdaGA8y
MTI2MTAyODEwMzExN1owGzEZMBcGA1UEAwwQTWVuZGVyLmFjbWUudGVzdDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABCKeiuMC0CJDsVfZu49dOTdToKMU7nFLzaqs
SVz/hcWOswhsmxp43J8vDIs98zcWos8ZsLfFxr8QYrhjifuxfG2jUzBRMB0GA1Ud
DgQWBBQytaU6Nkifv3MFUXm5YuIyG5suczAfBgNVHSMEGDAWgBQytaU6Nkifv3MF
UXm5YuIyG5suczAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIAib
zLn2+XTQRZusVn4LDEoIHvHwuAmuHJoWvcCrFeSTAiEAuSL+ltU8U3XogGthQoVm
+jD1kq+S3GW1Nnxs/R191IA=
-----END CERTIFICATE-----
`;
const withAlternatives = `-----BEGIN CERTIFICATE-----
MIIB2DCCAX2gAwIBAgIUAoOqmhM4VE1s2+9R87CLHG5NQ/kwCgYIKoZIzj0EAwIw
KjENMAsGA1UECgwEQWNtZTEZMBcGA1UEAwwQbWVuZGVyLmFjbWUudGVzdDAgFw0y
NjExMjExMDMxMTdaGA8yMTI2MTAyODEwMzExN1owKjENMAsGA1UECgwEQWNtZTEZ
MBcGA1UEAwwQbWVuZGVyLmFjbWUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABCKeiuMC0CJDsVfZu49dOTdToKMU7nFLzaqsSVz/hcWOswhsmxp43J8vDIs9
8zcWos8ZsLfFxr8QYrhjifuxfG2jfzB9MB0GA1UdDgQWBBQytaU6Nkifv3MFUXm5
YuIyG5suczAfBgNVHSMEGDAWgBQytaU6Nkifv3MFUXm5YuIyG5suczAPBgNVHRMB
Af8EBTADAQH/MCoGA1UdEQQjMCGCDFMzLmFjbWUudGVzdIILKi5hY21lLnRlc3SH
BMAAAgEwCgYIKoZIzj0EAwIDSQAwRgIhAJWLdJa+i1yxt4XTUwdGGvBm/3pST+qv
H0YYKB/2I+C0AiEA7ap6XKoOdFc87ttd1UkIVH9RKdOKvw8ho3UdJNsUlg4=
-----END CERTIFICATE-----
`;
const publicKeyDigest = "49d40cc4ca25fc87f9084ae57810bf7fb4779f7391806e774f05bc927680952e";

const bytes = (text: string) => new TextEncoder().encode(text);

test("pemFacts() tells names, times and digests of a certificate", () => {
  assert.deepEqual(pemFacts(bytes(withAlternatives)), {
    certificates: [{
      subject: "O=Acme, CN=mender.acme.test",
      issuer: "O=Acme, CN=mender.acme.test",
      names: ["s3.acme.test", "*.acme.test", "192.0.2.1", "mender.acme.test"],
      sans: ["s3.acme.test", "*.acme.test", "192.0.2.1"],
      notBefore: "2026-11-21T10:31:17.000Z",
      notAfter: "2126-10-28T10:31:17.000Z",
      selfSigned: true,
      fingerprint: "6a5a40d9f603a76a05d67424b4e4da972470f0d0932ba15eefffe9bd63569a4c",
      publicKeyDigest,
    }],
    privateKeys: [],
    damaged: [],
  });
});

test("pemFacts() keeps the order of a chain, and takes the common name for a name", () => {
  const facts = pemFacts(bytes(`comment\n${commonNameOnly}${withAlternatives}`));
  assert.deepEqual(facts?.certificates.map(({ subject }) => subject), [
    "CN=Mender.acme.test",
    "O=Acme, CN=mender.acme.test",
  ]);
  assert.deepEqual(facts?.certificates[0]?.names, ["mender.acme.test"]);
  assert.deepEqual(facts?.certificates[0]?.sans, []);
});

for (const type of ["pkcs1", "pkcs8"] as const) {
  test(`pemFacts() tells an RSA key (${type}) by its public half`, () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const facts = pemFacts(bytes(pair.privateKey.export({ type, format: "pem" }) as string));
    const [key] = facts?.privateKeys ?? [];
    assert.equal(key?.algorithm, "rsa");
    assert.equal(key?.bits, 2048);
    assert.equal(key?.pemType, type === "pkcs1" ? "RSA PRIVATE KEY" : "PRIVATE KEY");
    assert.equal(key?.encrypted, false);
    assert.match(key?.publicKeyDigest ?? "", /^[0-9a-f]{64}$/);
  });
}

test("pemFacts() tells that a key is encrypted, and no more", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "hunter2",
  }) as string;
  assert.deepEqual(pemFacts(bytes(pem))?.privateKeys, [
    { algorithm: "", pemType: "ENCRYPTED PRIVATE KEY", encrypted: true, publicKeyDigest: "" },
  ]);
});

test("pemFacts() counts what it cannot read", () => {
  const text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  assert.deepEqual(pemFacts(bytes(text)), { certificates: [], privateKeys: [], damaged: ["CERTIFICATE"] });
});

test("pemFactsByPath() leaves out what holds no PEM, in path order", () => {
  const files = [
    { path: "z.crt", bytes: bytes(commonNameOnly) },
    { path: "a.txt", bytes: bytes("text") },
    { path: "b.pub", bytes: bytes("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n") },
    { path: "c.crt", bytes: bytes(withAlternatives) },
  ];
  assert.deepEqual([...pemFactsByPath(files).keys()], ["c.crt", "z.crt"]);
});
