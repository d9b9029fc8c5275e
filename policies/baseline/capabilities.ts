import * as z from "zod";
import type { Policy } from "../../src/policy/policy.ts";

/** Each of these leads out of the container, or to the memory, traffic and modules of the host. */
const dangerous = new Set([
  "ALL",
  "BPF",
  "DAC_READ_SEARCH",
  "NET_ADMIN",
  "PERFMON",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_MODULE",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_TIME",
]);

export const capabilities: Policy = {
  id: "capabilities",
  title: "No capability that leads to the host",
  severity: "deny",
  reason: "with such a capability a break-in into the container is one into the host",
  source: "CIS Docker Benchmark, Linux kernel capabilities restricted; capabilities(7)",
  remedy: `remove it from "cap_add", or waive capabilities for this service`,
  rule: {
    kind: "service",
    schema: z.looseObject({
      cap_add: z.array(
        z.string().refine((name) => !dangerous.has(plainName(name)), {
          error: (issue) => `"${String(issue.input)}" leads to the host, needed only capabilities inside the container`,
        }),
      ).nullish(),
    }),
  },
};

function plainName(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, "");
}
