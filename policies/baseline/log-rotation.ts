import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { record, servicesOf, text } from "../../src/policy/service.ts";

/** Drivers that keep a file which grows for ever unless `max-size` is given; `local` rotates by itself. */
const growing = new Set(["", "json-file"]);

export const logRotation: Policy = {
  id: "log-rotation",
  title: "Logs are rotated",
  severity: "warn",
  reason: "Docker keeps every line by default, until the disk is full and the databases stop",
  source: "Docker documentation, JSON File logging driver; dclint",
  remedy: `set "logging.options" with "max-size" and "max-file", or "logging.driver: local"`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]): Finding[] => {
    const logging = record(service["logging"]);
    if (!growing.has(text(logging["driver"])) || text(record(logging["options"])["max-size"]) !== "") return [];
    return [{ path: ["services", key, "logging"], message: `No limit on the log's size, needed "max-size"` }];
  });
}
