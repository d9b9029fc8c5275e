import * as z from "zod";
import type { Ledger } from "../../model/ledger.ts";

const commit = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const name = z.string().min(1);
const time = z.string().min(1);

const correction = z.strictObject({
  count: z.int(),
  id: z.string(),
  definition: z.string(),
  want: z.string(),
  engine: z.string(),
  imageId: z.string(),
  at: time,
});

/** `ledger.json`, version 1. An unknown field is refused: it was written by something that knows more than this. */
export const ledgerSchema: z.ZodType<Ledger> = z.strictObject({
  version: z.literal(1),
  deployment: name,
  applied: z.strictObject({ commit, tree: commit, at: time }).optional(),
  attempted: z.strictObject({ commit, at: time, outcome: z.enum(["applied", "failed", "held"]) }).optional(),
  placed: z.array(commit),
  highest: commit.optional(),
  hold: z.strictObject({
    commit,
    kind: z.enum(["denied", "invalid", "failed", "obstructed"]),
    reason: z.string(),
    at: time,
  })
    .optional(),
  verified: z.boolean(),
  inventory: z.strictObject({
    services: z.record(
      z.string(),
      z.strictObject({ containerId: name, digest: z.string(), ran: z.boolean().optional() }),
    ),
    networks: z.array(name),
    volumes: z.array(name),
    made: z.record(name, z.record(z.string(), z.string())).default({}),
    definitions: z.record(
      name,
      z.strictObject({ id: z.string(), digest: name, fields: z.record(z.string(), z.string()) }),
    ).default({}),
  }),
  corrections: z.record(name, z.record(z.string(), correction)).default({}),
});
