import * as z from "zod";
import type { Policy } from "../../src/policy/policy.ts";

export const privileged: Policy = {
  id: "privileged",
  title: "No privileged containers",
  severity: "deny",
  reason: "a privileged container has every right of the host's root, over all devices",
  source: "CIS Docker Benchmark, privileged containers; KICS, Privileged Containers Enabled",
  remedy: `remove "privileged", and give the capability or device that is needed with "cap_add" or "devices"`,
  rule: {
    kind: "service",
    schema: z.looseObject({
      privileged: z.literal(false, { error: `"privileged" is true, needed a container without the host's rights` })
        .optional(),
    }),
  },
};
