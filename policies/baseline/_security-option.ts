import * as z from "zod";
import type { Policy } from "../../src/policy/policy.ts";

export interface SecurityOption extends Pick<Policy, "id" | "title" | "reason" | "source"> {
  /** What an option that turns the protection off looks like; `=` and `:` are both in use. */
  readonly off: RegExp;
}

/** Denies a `security_opt` that turns one of the Engine's protections off. */
export function withProtection({ off, ...words }: SecurityOption): Policy {
  return {
    ...words,
    severity: "deny",
    remedy: "remove the option; what needs another profile names one instead of turning it off",
    rule: {
      kind: "service",
      schema: z.looseObject({
        security_opt: z.array(
          z.string().refine((option) => !off.test(option), {
            error: (issue) => `"${String(issue.input)}" turns a protection off, needed it on`,
          }),
        ).nullish(),
      }),
    },
  };
}
