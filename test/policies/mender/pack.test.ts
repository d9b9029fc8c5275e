import assert from "node:assert/strict";
import { test } from "node:test";
import { mender } from "../../../policies/mender/pack.ts";
import type { CertificateFact, PrivateKeyFact } from "../../../src/model/certificates.ts";
import type { Json } from "../../../src/model/compose.ts";
import type { KeyFact } from "../../../src/model/keys.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import {
  certificate,
  type Edition,
  editions,
  environmentOf,
  type Installation,
  installation,
  pem,
  privateKey,
  signingKey,
} from "../../support/mender/installation.ts";
import { judge, policyInput, verdictLine } from "../../support/policies.ts";

const old = ["2.2 open-source", "2.2 enterprise"] as const;
const recent = ["3.7 open-source", "3.7 enterprise"] as const;
const gateway = "mender-api-gateway";
const deployments = "mender-deployments";
const devices = "mender-device-auth";

type Change = (parts: Installation) => void;
const set = (key: string, name: string, value: Json): Change => (parts) => {
  environmentOf(parts, key)[name] = value;
};
const put = (key: string, name: string, value: Json): Change => (parts) => {
  parts.services[key]![name] = value;
};
const keep = (path: string, ...facts: readonly (CertificateFact | PrivateKeyFact)[]): Change => (parts) => {
  parts.keyPems[path] = pem(...facts);
};

interface Case {
  readonly policy: string;
  readonly finds: string;
  readonly in?: readonly Edition[];
  readonly change: Change;
  /** What is said; nothing when the change is let through. */
  readonly says?: RegExp;
}

const cases: readonly Case[] = [
  {
    policy: "M04",
    finds: "a URI whose host is no alias",
    in: old,
    change: set(deployments, "DEPLOYMENTS_AWS_URI", "https://files.acme.test:9000"),
    says:
      /^denied service\/mender-deployments: "DEPLOYMENTS_AWS_URI" names the host "files.acme.test", needed one that is an alias of storage-proxy$/,
  },
  {
    policy: "M04",
    finds: "the same, where only devices use it",
    in: recent,
    change: set(deployments, "DEPLOYMENTS_AWS_EXTERNAL_URI", "https://files.acme.test"),
    says: /^warned .* an alias of mender-api-gateway$/,
  },
  {
    policy: "M04",
    finds: "no fault with capitals",
    in: old,
    change: set(deployments, "DEPLOYMENTS_AWS_URI", "https://S3.acme.test:9000"),
  },
  {
    policy: "M05",
    finds: "a missing port",
    in: old,
    change: set(deployments, "DEPLOYMENTS_AWS_URI", "https://s3.acme.test"),
    says: /^denied .* leads to port 443, needed :9000, where storage-proxy is published$/,
  },
  {
    policy: "M05",
    finds: "a port too many",
    in: recent,
    change: set(deployments, "DEPLOYMENTS_AWS_EXTERNAL_URI", "https://s3.acme.test:9000"),
    says: /^denied .* leads to port 9000, needed no port/,
  },
  {
    policy: "M05",
    finds: "http",
    in: old,
    change: set(deployments, "DEPLOYMENTS_AWS_URI", "http://s3.acme.test:9000"),
    says: /^denied .* needed https$/,
  },
  {
    policy: "M05",
    finds: "a path",
    in: old,
    change: set(deployments, "DEPLOYMENTS_AWS_URI", "https://s3.acme.test:9000/x"),
    says: /^denied .* has the path "\/x", needed none$/,
  },
  {
    policy: "M05",
    finds: "what is no URL",
    in: old,
    change: set(deployments, "DEPLOYMENTS_AWS_URI", "s3.acme.test"),
    says: /^denied .* is no URL/,
  },
  {
    policy: "M05",
    finds: "no fault with another published port",
    in: old,
    change: (parts) => {
      put("storage-proxy", "ports", [{ target: 9000, published: "9443", protocol: "tcp" }])(parts);
      set(deployments, "DEPLOYMENTS_AWS_URI", "https://s3.acme.test:9443")(parts);
    },
  },
  {
    policy: "M06",
    finds: "an alias that is a URL",
    in: old,
    change: put("storage-proxy", "networks", { mender: { aliases: ["https://s3.acme.test"] } }),
    says: /^denied service\/storage-proxy: "https:\/\/s3.acme.test" is an alias, needed a bare host name$/,
  },
  {
    policy: "M07",
    finds: "a gateway's certificate without a name",
    in: old,
    change: keep("certs/api-gateway/cert.crt", certificate(["mender.acme.test"])),
    says:
      /^denied service\/mender-api-gateway: The gateway's certificate is for "mender.acme.test", needed "www.acme.test" among/,
  },
  {
    policy: "M07",
    finds: "a storage certificate without the name",
    in: old,
    change: keep("certs/storage-proxy/cert.crt", certificate(["files.acme.test"])),
    says: /^denied service\/storage-proxy: The storage's certificate is for "files.acme.test"/,
  },
  {
    policy: "M07",
    finds: "a wildcard that leaves the bare name out",
    in: recent,
    change: keep("cert/cert.crt", certificate(["mender.acme.test", "*.s3.acme.test"])),
    says: /needed "s3.acme.test" among/,
  },
  {
    policy: "M07",
    finds: "a name that is only the common name",
    in: recent,
    change: keep("cert/cert.crt", certificate(["mender.acme.test", "s3.acme.test"], { sans: ["s3.acme.test"] })),
    says: /"mender.acme.test" only as the common name/,
  },
  {
    policy: "M07",
    finds: "no fault with common names of keygen",
    in: old,
    change: keep("certs/storage-proxy/cert.crt", certificate(["s3.acme.test"], { sans: [] })),
  },
  {
    policy: "M07",
    finds: "no fault with a wildcard",
    in: recent,
    change: keep("cert/cert.crt", certificate(["*.acme.test"])),
  },
  {
    policy: "M10",
    finds: "a certificate that is not bound",
    in: old,
    change: put(deployments, "volumes", []),
    says: /^denied .* is "\/etc\/ssl\/certs\/storage-proxy.crt", where nothing is bound/,
  },
  {
    policy: "M10",
    finds: "another certificate",
    in: old,
    change: put(deployments, "volumes", [{
      type: "bind",
      source: "/srv/demo/production/keys-generated/certs/api-gateway/cert.crt",
      target: "/etc/ssl/certs/storage-proxy.crt",
    }]),
    says: /^denied .* is not the one that the storage serves/,
  },
  {
    policy: "M12",
    finds: "the key of another certificate",
    in: old,
    change: keep("certs/api-gateway/private.key", privateKey("k-other")),
    says: /^denied service\/mender-api-gateway: The private key does not belong to the gateway's certificate/,
  },
  {
    policy: "M12",
    finds: "the key of another certificate, once",
    in: recent,
    change: keep("cert/private.key", privateKey("k-other")),
    says: /does not belong to the gateway's/,
  },
  {
    policy: "M12",
    finds: "an encrypted key",
    in: recent,
    change: keep("cert/private.key", privateKey("", { encrypted: true })),
    says: /is encrypted/,
  },
  {
    policy: "M15",
    finds: "an expired certificate",
    in: recent,
    change: keep(
      "cert/cert.crt",
      certificate(["mender.acme.test", "s3.acme.test"], { notAfter: "2026-11-21T11:59:59.000Z" }),
    ),
    says: /^denied .* certificate "CN=mender.acme.test" expired on 2026-11-21$/,
  },
  {
    policy: "M15",
    finds: "one that expires soon",
    in: recent,
    change: keep(
      "cert/cert.crt",
      certificate(["mender.acme.test", "s3.acme.test"], { notAfter: "2026-12-21T00:00:00.000Z" }),
    ),
    says: /^warned .* expires on 2026-12-21$/,
  },
  {
    policy: "M15",
    finds: "one that is not valid yet",
    in: old,
    change: keep(
      "certs/api-gateway/cert.crt",
      certificate(["mender.acme.test", "www.acme.test"], { notBefore: "2026-11-21T12:00:01.000Z" }),
    ),
    says: /^denied .* is valid from 2026-11-21T12:00:01/,
  },
  {
    policy: "M16",
    finds: "a missing ALLOWED_HOSTS",
    in: old,
    change: put(gateway, "environment", {}),
    says: /^denied service\/mender-api-gateway: "ALLOWED_HOSTS" has no value/,
  },
  { policy: "M16", finds: "no fault where it may be missing", in: recent, change: put(gateway, "environment", {}) },
  {
    policy: "M17",
    finds: "commas",
    in: old,
    change: set(gateway, "ALLOWED_HOSTS", "mender.acme.test,www.acme.test"),
    says: /^denied .* needed names separated by spaces$/,
  },
  {
    policy: "M17",
    finds: "spaces",
    in: recent,
    change: set(gateway, "ALLOWED_HOSTS", "mender.acme.test s3.acme.test"),
    says: /^denied .* needed names separated by commas alone$/,
  },
  {
    policy: "M17",
    finds: "a space after the comma",
    in: recent,
    change: set(gateway, "ALLOWED_HOSTS", "mender.acme.test, s3.acme.test"),
    says: /^denied/,
  },
  {
    policy: "M18",
    finds: "a list without the storage's name",
    in: recent,
    change: set(gateway, "ALLOWED_HOSTS", "mender.acme.test"),
    says: /^denied .* lacks the storage's name "s3.acme.test"/,
  },
  {
    policy: "M19",
    finds: "a pattern",
    in: old,
    change: set(gateway, "ALLOWED_HOSTS", "~. mender.acme.test"),
    says: /^denied .* holds "~\."/,
  },
  {
    policy: "M20",
    finds: "a key in the new form",
    in: old,
    change: keep("keys/useradm/private.key", signingKey("k-useradm", { pemType: "PRIVATE KEY" })),
    says:
      /^denied service\/mender-useradm: The key of mender-useradm is a "PRIVATE KEY", needed an "RSA PRIVATE KEY" before Mender 3.4$/,
  },
  {
    policy: "M20",
    finds: "no fault with the new form",
    in: recent,
    change: keep("keys/useradm/private.key", signingKey("k-useradm", { pemType: "PRIVATE KEY" })),
  },
  {
    policy: "M20",
    finds: "a key that is not RSA",
    in: recent,
    change: keep("keys/deviceauth/private.key", privateKey("k-d")),
    says: /^denied service\/mender-device-auth: .* is of kind "ec", needed an RSA key$/,
  },
  {
    policy: "M20",
    finds: "a short key",
    in: old,
    change: keep("keys/deviceauth/private.key", signingKey("k-d", { bits: 2048 })),
    says: /^warned .* has 2048 bits, needed 3072$/,
  },
  {
    policy: "M20",
    finds: "one key for both",
    in: old,
    change: keep("keys/useradm/private.key", signingKey("k-deviceauth")),
    says: /^warned service\/mender-useradm: The key of mender-useradm is that of mender-device-auth/,
  },
  {
    policy: "M21",
    finds: "a key that is not bound",
    change: put(devices, "volumes", []),
    says: /^denied service\/mender-device-auth: Nothing is bound to "\/etc\/deviceauth\/rsa\/private.pem"/,
  },
  {
    policy: "M21",
    finds: "a key that Enterprise does not look for",
    in: ["3.7 enterprise"],
    change: (parts) => {
      const volumes = parts.services["mender-useradm"]!["volumes"] as readonly Json[];
      put("mender-useradm", "volumes", volumes.slice(0, 1))(parts);
    },
    says: /^denied .* "\/etc\/useradm-enterprise\/rsa\/private.pem", where the Enterprise edition looks/,
  },
  {
    policy: "M23",
    finds: "a demo certificate in use",
    in: recent,
    change: keep(
      "cert/cert.crt",
      certificate(["mender.acme.test", "s3.acme.test"], {
        publicKeyDigest: "3c16fc8c999508ba8fb3ef946b292dd714315bc2f6f84e5fe596e6b5532f16e1",
      }),
    ),
    says:
      /^denied service\/mender-api-gateway: "production\/keys-generated\/cert\/cert.crt" is the published key of integration cert/,
  },
  {
    policy: "M23",
    finds: "a demo key in use that git tracks",
    in: old,
    change: (parts) => {
      parts.trackedPems["keys/useradm/private.key"] = pem(
        signingKey("0b16694bd73e26a12da53996ab7262fe911c13097e4d7a217f67f718e6410277"),
      );
      put("mender-useradm", "volumes", [{
        type: "bind",
        source: "/srv/demo/keys/useradm",
        target: "/etc/useradm/rsa",
      }])(parts);
    },
    says:
      /^denied service\/mender-useradm: "keys\/useradm\/private.key" is the published key of integration keys\/useradm/,
  },
  {
    policy: "M23",
    finds: "no fault with a demo key that nobody uses",
    change: (parts) => {
      parts.trackedPems["keys/useradm/private.key"] = pem(
        signingKey("0b16694bd73e26a12da53996ab7262fe911c13097e4d7a217f67f718e6410277"),
      );
    },
  },
  {
    policy: "M24",
    finds: "a key in clear",
    change: (parts) => {
      parts.trackedPems["production/keys-generated/private.key"] = pem(signingKey("k-mine"));
    },
    says: /^warned project: "production\/keys-generated\/private.key" is a private key in clear/,
  },
  {
    policy: "M24",
    finds: "no fault with certificates and encrypted keys",
    change: (parts) => {
      parts.trackedPems["a"] = pem(certificate(["a"]), privateKey("", { encrypted: true }));
    },
  },
  {
    policy: "M26",
    finds: "no fault with a volume above the data",
    change: put("mender-mongo", "volumes", [{ type: "volume", source: "mender-db", target: "/data", volume: {} }, {
      type: "volume",
      target: "/data/db/x",
    }]),
  },
  {
    policy: "M26",
    finds: "artifacts beside their volume",
    change: put("minio", "command", ["server", "/data"]),
    says: /^denied service\/minio: No named volume at "\/data"/,
  },
  {
    policy: "M26",
    finds: "a database without a volume",
    change: put("mender-mongo", "volumes", []),
    says: /^denied service\/mender-mongo: No named volume at "\/data\/db"/,
  },
  {
    policy: "M27",
    finds: "a command without --automigrate",
    change: put(devices, "command", ["server"]),
    says: /^denied service\/mender-device-auth: The command lacks "--automigrate"$/,
  },
  {
    policy: "M28",
    finds: "a limit that is no number",
    in: old,
    change: set(devices, "DEVICEAUTH_MAX_DEVICES_LIMIT_DEFAULT", "many"),
    says: /^warned .* is "many", needed a whole number$/,
  },
  {
    policy: "M28",
    finds: "a limit that nobody reads",
    in: recent,
    change: set(devices, "DEVICEAUTH_MAX_DEVICES_LIMIT_DEFAULT", "500"),
    says: /^warned .* has no effect after Mender 2.3/,
  },
  {
    policy: "M28",
    finds: "no fault with a number",
    in: old,
    change: set(devices, "DEVICEAUTH_MAX_DEVICES_LIMIT_DEFAULT", "500"),
  },
  {
    policy: "M29",
    finds: "a token with quotes",
    change: set(devices, "DEVICEAUTH_DEFAULT_TENANT_TOKEN", `"a.b.c"`),
    says: /^denied .* holds quotes/,
  },
  { policy: "M29", finds: "no fault with an empty one", change: set(devices, "DEVICEAUTH_DEFAULT_TENANT_TOKEN", "") },
  {
    policy: "M33",
    finds: "a published database",
    change: put("mender-mongo", "ports", [{ target: 27017, published: "27017", protocol: "tcp" }]),
    says: /^denied service\/mender-mongo: Port 27017 of mender-mongo is published, needed none$/,
  },
  {
    policy: "M33",
    finds: "one on the loopback",
    change: put("mender-mongo", "ports", [{ target: 27017, published: "27017", host_ip: "127.0.0.1" }]),
    says: /^warned/,
  },
  {
    policy: "M33",
    finds: "a gateway that is not published",
    change: put(gateway, "ports", []),
    says: /^denied .* Port 443 of mender-api-gateway is not published/,
  },
  {
    policy: "M33",
    finds: "a storage that is not published",
    in: old,
    change: put("storage-proxy", "ports", []),
    says: /^denied .* Port 9000 of storage-proxy is not published/,
  },
  {
    policy: "M33",
    finds: "no fault with another port of the host",
    change: put(gateway, "ports", [{ target: 443, published: "8443" }]),
  },
  {
    policy: "M34",
    finds: "a log without limits",
    change: put(devices, "logging", { options: { "max-size": "50m" } }),
    says: /^warned service\/mender-device-auth: max-file missing, needed both$/,
  },
  {
    policy: "M35",
    finds: "a number that is none",
    in: old,
    change: set("storage-proxy", "MAX_CONNECTIONS", "many"),
    says: /^warned .* "MAX_CONNECTIONS" is "many"/,
  },
  {
    policy: "M36",
    finds: "an image of another release",
    in: recent,
    change: put("mender-inventory", "image", "mendersoftware/inventory:mender-3.6.3"),
    says: /^denied service\/mender-inventory: .* is of release 3.6, needed 3.7 as the others$/,
  },
  {
    policy: "M36",
    finds: "a moving tag",
    change: put("mender-inventory", "image", "mendersoftware/inventory:master"),
    says: /^denied .* has the moving tag "master"/,
  },
  {
    policy: "M36",
    finds: "no fault with a patch",
    in: recent,
    change: put("mender-inventory", "image", "mendersoftware/inventory:mender-3.7.12"),
  },
  {
    policy: "M41",
    finds: "a service without a restart policy",
    change: put("minio", "restart", "no"),
    says: /^warned service\/minio: No restart policy/,
  },
  {
    policy: "M45",
    finds: "a short secret, unseen",
    change: set("minio", "MINIO_SECRET_KEY", "short"),
    says: /^warned service\/minio: "MINIO_SECRET_KEY" is too short, needed at least 8 characters$/,
  },
  {
    policy: "M46",
    finds: "a mail service in demo mode",
    in: ["2.2 enterprise"],
    change: (parts) => {
      parts.services["mender-email-sender"] = {
        image: "mendersoftware/email-sender:1.5.0",
        environment: { DEMO: "true" },
      };
    },
    says: /^warned service\/mender-email-sender: "DEMO" is "true"/,
  },
];

function policyOf(id: string) {
  const policy = mender.policies.find((candidate) => candidate.id === id);
  assert.ok(policy, `no policy ${id}`);
  return policy;
}

for (const { policy, finds, change, says, in: where = editions } of cases) {
  for (const edition of where) {
    test(`${policy} finds ${finds} (${edition})`, () => {
      const said = judge(policyOf(policy), installation(edition, change));
      assert.equal(said.length, says ? 1 : 0, said.join("\n"));
      if (says) assert.match(said[0]!, says);
    });
  }
}

for (const edition of editions) {
  test(`mender finds no fault with a finished installation (${edition})`, () => {
    const verdicts = evaluate(policyInput(installation(edition), { packs: [mender] }));
    assert.deepEqual(verdicts.map(verdictLine), ['warned project: The project is "demo", needed "menderproduction"']);
  });

  test(`mender judges no file that it cannot see (${edition})`, () => {
    const { services } = installation(edition);
    const verdicts = evaluate(policyInput({ services }, { packs: [mender] }));
    assert.deepEqual(verdicts.map(({ policy }) => policy), ["M32"]);
  });
}

test("mender leaves other projects alone", () => {
  const services = {
    web: { image: "nginx:1.27", ports: [{ target: 80, published: "80" }] },
    minio: { image: "minio/minio" },
  };
  assert.deepEqual(evaluate(policyInput({ services }, { packs: [mender] })), []);
});

test("mender-release says when the tags do not tell the release", () => {
  const services = { "mender-gui": { image: "mendersoftware/gui:custom" } };
  assert.deepEqual(judge(policyOf("mender-release"), { services }), [
    `warned service/mender-gui: "mendersoftware/gui:custom" does not tell Mender's release`,
  ]);
});

test("M22 finds keys that the image's user cannot read, from 3.4 on", () => {
  const fact = (mode: number, uid: number): KeyFact => ({ size: 1, mode, uid, gid: uid, digest: "" });
  const files = ["keys/deviceauth/private.key", "keys/useradm/private.key"];
  const keysOf = (mode: number, uid: number) => ({ keys: new Map(files.map((file) => [file, fact(mode, uid)])) });
  const said = judge(policyOf("M22"), installation("3.7 open-source"), keysOf(0o600, 1000));
  assert.equal(said.length, 2);
  assert.match(said[0]!, /is for user 1000 with mode 0600, needed it readable for user 65534$/);
  assert.deepEqual(judge(policyOf("M22"), installation("3.7 open-source"), keysOf(0o400, 65534)), []);
  assert.deepEqual(judge(policyOf("M22"), installation("3.7 open-source"), keysOf(0o644, 0)), []);
  assert.deepEqual(judge(policyOf("M22"), installation("2.2 open-source"), keysOf(0o600, 1000)), []);
});

test("mender has a test for each of its policies, and gives each its words", () => {
  const elsewhere = ["M01", "M02", "M03", "M22", "M32", "mender-release"];
  const tested = new Set([...cases.map(({ policy }) => policy), ...elsewhere]);
  assert.deepEqual(mender.policies.map(({ id }) => id).filter((id) => !tested.has(id)), []);
  for (const { id, title, reason, source, remedy } of mender.policies) {
    assert.ok(title && reason && source && remedy, id);
  }
});
