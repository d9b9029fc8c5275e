import { devices, old, put, recent, set, testCases } from "./_cases.ts";

testCases([
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
    policy: "M34",
    finds: "a log without limits",
    change: put(devices, "logging", { options: { "max-size": "50m" } }),
    says: /^warned service\/mender-device-auth: max-file missing, needed both$/,
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
]);
