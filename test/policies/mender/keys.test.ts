import type { Json } from "../../../src/model/compose.ts";
import { certificate, pem, privateKey, signingKey } from "../../support/mender/installation.ts";
import { devices, keep, old, put, recent, testCases } from "./_cases.ts";

testCases([
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
]);
