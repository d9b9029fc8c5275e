import * as z from "zod";
import type { Policy } from "../../src/policy/policy.ts";

export const apiSocket: Policy = {
  id: "api-socket",
  title: "No container is given the Engine's API",
  severity: "deny",
  reason: "it hands over the Engine's socket with the operator's credentials: root on the host",
  source: "Compose specification, use_api_socket; CIS Docker Benchmark, Docker socket mounted inside containers",
  remedy: `remove "use_api_socket"`,
  rule: {
    kind: "service",
    schema: z.looseObject({
      use_api_socket: z.literal(false, {
        error: `"use_api_socket" is true, needed a container without the Engine's API`,
      })
        .nullish(),
    }),
  },
};
