import * as z from "zod";
import type { Policy } from "../../src/policy/policy.ts";

export const cgroupParent: Policy = {
  id: "cgroup-parent",
  title: "Containers stay in the Engine's control group",
  severity: "deny",
  reason: "in another group the limits that the host's operator set for containers do not hold",
  source: "CIS Docker Benchmark, cgroup usage; KICS, Cgroup Not Default",
  remedy: `remove "cgroup_parent"`,
  rule: {
    kind: "service",
    schema: z.looseObject({
      cgroup_parent: z.literal("", { error: `"cgroup_parent" is set, needed the Engine's own group` }).nullish(),
    }),
  },
};
