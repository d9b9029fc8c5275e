import { z } from "zod";
import type { Policy } from "../../src/policy/policy.ts";

/** A service's key that may take a namespace of the host for the container. */
export interface HostMode {
  readonly id: string;
  /** Compose's key: `network_mode`, `pid`, … */
  readonly key: string;
  readonly title: string;
  readonly reason: string;
  readonly source: string;
}

/** Denies `KEY: host`. */
export function withoutHostMode({ id, key, title, reason, source }: HostMode): Policy {
  const error = `"${key}" is "host", needed a namespace of the container's own`;
  return {
    id,
    title,
    severity: "deny",
    reason,
    source,
    remedy: `remove "${key}", or waive ${id} for this service`,
    rule: {
      kind: "service",
      schema: z.looseObject({ [key]: z.string().refine((mode) => mode !== "host", { error }).nullish() }),
    },
  };
}
