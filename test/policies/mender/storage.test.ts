import { deployments, old, put, recent, set, testCases } from "./_cases.ts";

testCases([
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
    policy: "M35",
    finds: "a number that is none",
    in: old,
    change: set("storage-proxy", "MAX_CONNECTIONS", "many"),
    says: /^warned .* "MAX_CONNECTIONS" is "many"/,
  },
  {
    policy: "M45",
    finds: "a short secret, unseen",
    change: set("minio", "MINIO_SECRET_KEY", "short"),
    says: /^warned service\/minio: "MINIO_SECRET_KEY" is too short, needed at least 8 characters$/,
  },
]);
