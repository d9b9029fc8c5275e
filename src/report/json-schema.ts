import * as z from "zod";

const position = z.strictObject({ file: z.string(), line: z.int(), column: z.int() });

const revision = z.strictObject({
  commit: z.string(),
  tree: z.string().optional(),
  ref: z.string().optional(),
  subject: z.string().optional(),
  author: z.strictObject({ name: z.string(), email: z.string() }).optional(),
  committedAt: z.int().optional().describe("seconds since 1970"),
});

const field = z.strictObject({
  field: z.string(),
  want: z.string().describe('what git says; "" for nothing; a secret is shown as its mask'),
  have: z.string().describe('what the host has; "" for nothing'),
  position: position.optional().describe("where git says it"),
});

const causeKind = z.enum(["missing", "changed", "drifted", "orphaned", "superseded", "unhealthy"]);

const step = z.strictObject({
  id: z.string(),
  kind: z.string(),
  resource: z.string(),
  cause: causeKind,
  text: z.string().describe("what it does to what, as `plan` prints it"),
  needs: z.array(z.string()).describe("ids of the steps that must be done before it"),
});

const difference = z.strictObject({
  resource: z.string(),
  action: z.string(),
  cause: z.strictObject({ kind: causeKind, fields: z.array(field) }),
});

const plan = z.strictObject({
  project: z.string(),
  convergedCount: z.int().describe("services that need nothing"),
  differences: z.array(difference),
  notices: z.array(z.strictObject({
    resource: z.string(),
    severity: z.enum(["error", "warning"]),
    kind: z.enum(["obstacle", "unlasting"]).optional().describe(
      "obstacle: a service waits until it is gone; unlasting: corrections of its fields did not last, and are given up",
    ),
    message: z.string(),
    hint: z.string(),
    fields: z.array(field),
  })).describe("what differs and is left to a person"),
  steps: z.array(step),
  settle: z.array(step).describe("removals that wait for the verification"),
});

const issue = z.strictObject({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  hint: z.string().optional(),
  position: position.optional(),
  path: z.string().optional(),
});

const verdict = z.strictObject({
  policy: z.string(),
  pack: z.string(),
  title: z.string(),
  severity: z.enum(["deny", "warn", "info"]),
  outcome: z.enum(["denied", "warned", "noted", "waived"]),
  resource: z.string(),
  message: z.string(),
  hint: z.string(),
  position: position.optional(),
  reason: z.string(),
});

const log = z.strictObject({
  lines: z.array(z.string()).describe("newest last, without secrets"),
  note: z.string().optional().describe("why there are none"),
}).describe("the last lines of the container's log, read before it could be removed");

const outcome = z.strictObject({
  step: z.string(),
  kind: z.string(),
  resource: z.string(),
  result: z.enum(["done", "failed", "skipped"]),
  durationMs: z.number(),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  log: log.optional(),
});

const health = z.strictObject({
  healthy: z.boolean(),
  passed: z.boolean(),
  running: z.int(),
  runningSeconds: z.number(),
  ports: z.array(z.strictObject({ address: z.string(), answered: z.boolean() })),
  unasked: z.array(z.string()).optional().describe("published ports that were not asked"),
  http: z.array(z.strictObject({ url: z.string(), answered: z.boolean(), certified: z.boolean().optional() })),
  failures: z.array(
    z.strictObject({ resource: z.string(), message: z.string(), hint: z.string(), log: log.optional() }),
  ),
  superseded: z.literal(true).optional().describe("ended for a newer revision: neither passed nor failed"),
});

const report = z.strictObject({
  deployment: z.string(),
  state: z.enum(["converged", "applied", "held", "failed", "pending", "unknown"]),
  mode: z.enum(["enforce", "report", "approve"]),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  revision: revision.optional().describe("what this pass enforced"),
  tip: revision.optional().describe("where the ref points"),
  hold: z.strictObject({
    commit: z.string(),
    kind: z.enum(["denied", "invalid", "failed", "obstructed"]),
    reason: z.string(),
    at: z.string(),
  }).optional(),
  rollback: z.strictObject({ from: z.string(), reason: z.string() }).optional()
    .describe("the pass went back to `revision` from this commit"),
  issues: z.array(issue),
  verdicts: z.array(verdict),
  plan: plan.optional(),
  outcomes: z.array(outcome),
  applyMs: z.number().optional().describe("from the first step to the last"),
  mended: z.array(difference).optional().describe("what drifted during the verification and was corrected"),
  health: health.optional(),
  left: z.array(difference).optional().describe("what differs still, looked at after the steps"),
  unhonored: z.array(difference).optional().describe("what git names and this Engine did not take when it made them"),
  facts: z.strictObject({
    applied: z.boolean().optional(),
    healthy: z.boolean().optional(),
    verified: z.boolean().optional(),
  }).describe("three facts, each absent when this pass does not know it"),
  converged: z.boolean(),
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    retry: z.enum(["backoff", "next-revision", "operator"]),
    retryAfterMs: z.number().optional().describe("what the other side asks to be left alone for"),
  }).optional(),
});

/** What `plan --format json` and `apply --format json` print, and nothing else. */
export const reportsSchema = z.strictObject({ version: z.literal(1), reports: z.array(report) });

/** The same as a JSON Schema, published in `docs/report.schema.json`; fields that come later are no breach of it. */
export function reportsJsonSchema(): object {
  const schema = z.toJSONSchema(reportsSchema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  return { title: "holdfast: reports", ...schema };
}
