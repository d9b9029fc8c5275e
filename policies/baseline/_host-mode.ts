import * as z from "zod";
import type { Policy } from "../../src/policy/policy.ts";

/** A service's key that may take a namespace of the host for the container. */
export interface HostMode extends Pick<Policy, "id" | "title" | "reason" | "source"> {
  /** Compose's key: `network_mode`, `pid`, … */
  readonly key: string;
}

/** Denies `KEY: host`. */
export function withoutHostMode({ key, ...words }: HostMode): Policy {
  const error = `"${key}" is "host", needed a namespace of the container's own`;
  return {
    ...words,
    severity: "deny",
    remedy: `remove "${key}", or waive ${words.id} for this service`,
    rule: {
      kind: "service",
      schema: z.looseObject({ [key]: z.string().refine((mode) => mode !== "host", { error }).nullish() }),
    },
  };
}
