import * as z from "zod";
import type { Position } from "../model/position.ts";
import { choice, duration, innerPath, integer, manifestPath, matchingText, notYet, text } from "./_schema.ts";

const serviceKey = /^[A-Za-z0-9._-]+$/;

const composeFile = z.union([
  manifestPath().transform((file): ComposeEntry => ({ file })),
  z.strictObject({
    file: manifestPath().describe("The Compose file."),
    when: manifestPath().optional().describe("Merged only if this file is in the revision; the host is never asked."),
  }),
], { error: `a path, or "{ file: …, when: … }"` });

const environmentValue = z.union([
  z.string(),
  z.number().transform(String),
  z.boolean().transform(String),
  z.strictObject({ key: innerPath("the keys folder").describe("File of the opened bundle whose text is the value.") }),
], { error: `text, or "{ key: … }" for a file of the bundle` });

const keyFileRule = z.strictObject({
  match: innerPath("the keys folder").describe(
    "Glob over paths inside the keys folder: `*`, `?`, and `**` across folders.",
  ),
  uid: integer(0, 4_294_967_294).optional().describe("Owner of the placed file."),
  gid: integer(0, 4_294_967_294).optional().describe("Group of the placed file."),
  mode: matchingText(/^0*[0-7]{1,3}$/, `octal permission bits such as "0400"`)
    .transform((digits) => parseInt(digits, 8)).optional().describe("Permission bits of the placed file, in octal."),
});

const keys = z.strictObject({
  bundle: manifestPath().describe("The OpenPGP-encrypted tar in the repository."),
  into: manifestPath().optional().describe(
    "Folder at which Compose files see the opened keys; by default the bundle's name without its endings.",
  ),
  files: z.array(keyFileRule, { error: "a list of rules" }).default([]).describe(
    "Owner and mode of opened files; a later rule wins over an earlier one, key by key.",
  ),
}).transform((value) => ({
  ...value,
  into: value.into ?? value.bundle.replace(/(?:\.(?:tar|tgz|gz|gpg|pgp|asc))+$/, ""),
}));

const waiver = z.strictObject({
  policy: matchingText(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "the id of a policy").describe("Id of the policy."),
  service: matchingText(serviceKey, "the key of a service").optional().describe("Only for this service; else for all."),
  until: text(`a day such as "2027-01-31"`).refine(isCalendarDay, { error: `a day such as "2027-01-31"` })
    .meta({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }).describe("Last day, in UTC, on which the waiver counts."),
  reason: matchingText(/\S/, "the reason for the waiver").describe("Why the policy may be broken until then."),
});

const policies = z.strictObject({
  packs: z.array(choice(["baseline", "mender"]), { error: "a list of packs" }).default(["baseline"]).describe(
    "The policy packs that judge the deployment.",
  ),
  waive: z.array(waiver, { error: "a list of waivers" }).default([]).describe(
    "Policies that may be broken for a time.",
  ),
});

const drift = z.strictObject({
  ignore: z.array(
    z.strictObject({
      service: matchingText(serviceKey, "the key of a service").describe("Key of the service."),
      field: text().describe("The field as a drift report names it, such as `labels.last-scan`."),
    }),
    { error: `a list of "{ service: …, field: … }"` },
  ).default([]).describe("Differences between git and the host that are left alone."),
});

const service = z.strictObject({
  desired: choice(["running", "stopped"]).default("running").describe("Whether its container is to run."),
  onFileChange: notYet("What a changed bound file does: recreate, restart or a signal."),
  rollback: notYet("Whether the service may be rolled back."),
});

const httpCheck = z.strictObject({
  url: matchingText(/^https?:\/\/[^\s/@?#]+(?:[/?][^\s#]*)?$/, "an http or https URL without user or password")
    .describe("Asked of the host itself (127.0.0.1), with the URL's name in SNI and Host."),
  certificate: choice(["bundle"]).optional().describe(
    "`bundle`: the server must show a certificate that is in the opened keys bundle.",
  ),
});

const verify = z.strictObject({
  running: duration().default(15_000).describe("How long every container must have been running, without a restart."),
  timeout: duration(1000).default(300_000).describe("How long verification may take."),
  ports: z.array(integer(1, 65_535), { error: "a list of ports" }).optional().describe(
    "Ports of the host that must accept a TCP connection; `[]` for none. Left out: those that the deployment publishes.",
  ),
  onFailure: choice(["rollback", "hold", "continue"]).default("rollback").describe(
    "What follows when verification fails: back to the predecessor, stay and wait for git, or go on.",
  ),
  http: z.array(httpCheck, { error: `a list of "{ url: …, certificate: bundle }"` }).default([]).describe(
    "URLs that must answer on this host; names are not looked up, the host itself is asked.",
  ),
}).transform(({ running, timeout, ...rest }) => ({ ...rest, runningMs: running, timeoutMs: timeout }));

/** The schema of `holdfast.yaml`. */
export const manifestSchema = z.strictObject({
  project: matchingText(
    /^[a-z0-9][a-z0-9_-]*$/,
    `lower-case letters, digits, "-" and "_", starting with a letter or digit`,
  )
    .optional().describe("Compose's project name."),
  compose: z.union([
    composeFile.transform((entry) => [entry]),
    z.array(composeFile).min(1, { error: "at least one file" }),
  ], {
    error: `a path, or a list of paths and "{ file: …, when: … }"`,
  }).optional().describe("The Compose files, merged in this order; by default the folder's compose.yaml."),
  duplicateKeys: choice(["refuse", "last"]).default("refuse").describe(
    "What a key that appears twice in a Compose file is: an error, or (with a warning) the last one.",
  ),
  environment: z.record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, { error: "the name of a variable" }),
    environmentValue,
    {
      error: "a mapping of names to values",
    },
  ).default({}).describe("Variables for interpolation and pass-through; they win over `.env`."),
  keys: keys.optional().describe("The keys bundle and where Compose files see it."),
  volumes: z.array(matchingText(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "the name of a Docker volume"), {
    error: "a list of volume names",
  })
    .default([]).describe("External volumes that may be created if they are missing."),
  profiles: z.array(matchingText(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "the name of a profile"), {
    error: "a list of profiles",
  })
    .default([]).describe("Compose profiles that are on."),
  policies: policies.prefault({}).describe("What the desired state is judged by."),
  drift: drift.prefault({}).describe("How drift is treated."),
  services: z.record(z.string().regex(serviceKey, { error: "the key of a service" }), service, {
    error: "a mapping of services",
  }).default({}).describe("What Compose cannot say of a service."),
  verify: verify.prefault({}).describe("When a deployment counts as verified."),
  images: notYet("Following moved tags, and how many old images are kept."),
  rollout: notYet("How services are replaced."),
  window: notYet("When new revisions may be applied."),
  mender: notYet("Resources behind Mender's own APIs."),
});

type ManifestValue = z.output<typeof manifestSchema>;

/** The deployment's manifest, checked and with its defaults; paths are as written (`manifestPaths()` resolves them). */
export interface Manifest extends Omit<ManifestValue, "compose" | "policies"> {
  /** Path of the file in the repository; of a deployment without a manifest, where it would be. */
  readonly file: string;
  /** Empty when the manifest names none: `withDefaultCompose()` fills it. */
  readonly compose: readonly ComposeEntry[];
  readonly policies: { readonly packs: ManifestValue["policies"]["packs"]; readonly waive: readonly Waiver[] };
  /** Where a key of the manifest stands: `verify.ports`; falls back to the nearest parent. */
  readonly positionOf: (path: string) => Position | undefined;
}

export interface ComposeEntry {
  readonly file: string;
  /** Merged only if this file is in the revision. */
  readonly when?: string;
}

/** A policy that may be broken until the end of a day in UTC, and where that is written. */
export type Waiver = z.output<typeof waiver> & { readonly position: Position | undefined };
export type KeyFileRule = z.output<typeof keyFileRule>;
/** Text, or the file of the opened bundle that holds it. */
export type EnvironmentValue = z.output<typeof environmentValue>;

function isCalendarDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
