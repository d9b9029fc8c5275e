import { gateway, old, put, recent, set, testCases } from "./_cases.ts";

testCases([
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
]);
