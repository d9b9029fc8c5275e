import type * as z from "zod";
import type { PemFactsByPath } from "../model/certificates.ts";
import type { DesiredState } from "../model/desired.ts";
import type { KeyFacts } from "../model/keys.ts";
import type { Position } from "../model/position.ts";

/** `deny` refuses a new revision; `warn` and `info` are said and nothing else. */
export type Severity = "deny" | "warn" | "info";

/** One rule over the desired state. Stable ids: waivers name them. */
export interface Policy {
  readonly id: string;
  /** What is wanted, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** What happens to those who break it. */
  readonly reason: string;
  /** Where that is known from. */
  readonly source: string;
  /** What to do about a finding that says nothing better itself. */
  readonly remedy: string;
  /** When absent, every deployment is judged. */
  readonly appliesTo?: (desired: DesiredState) => boolean;
  readonly rule: Rule;
}

/**
 * A schema over each canonical service, or over the whole canonical project: each zod issue is a finding at its path,
 * its `error` the message. Where several values must fit each other, a check.
 */
export type Rule =
  | { readonly kind: "service"; readonly schema: z.ZodType }
  | { readonly kind: "project"; readonly schema: z.ZodType }
  | { readonly kind: "check"; readonly check: (input: PolicyInput) => readonly Finding[] };

export interface Finding {
  /** In the canonical project: `["services", "web", "ports", 0]`. */
  readonly path: readonly PropertyKey[];
  /** What was found and what was needed, values quoted, no secrets. */
  readonly message: string;
  /** When absent, the policy's remedy. */
  readonly hint?: string;
  /** When absent, the policy's. */
  readonly severity?: Severity;
  /** When absent, the place of `path` in the YAML; for what is no part of the YAML, such as a tracked file. */
  readonly position?: Position;
}

export interface Pack {
  readonly name: string;
  readonly policies: readonly Policy[];
}

/** What policies may know. Facts of keys only, never their bytes. */
export interface PolicyInput {
  readonly desired: DesiredState;
  /** By path inside the keys folder; empty when the bundle is not open (`check` without a passphrase). */
  readonly keys: KeyFacts;
  /** Certificates and private keys of the opened bundle, by path inside the keys folder. */
  readonly keyPems: PemFactsByPath;
  /** Those among the files of the revision, by path in the repository. */
  readonly trackedPems: PemFactsByPath;
  readonly packs: readonly Pack[];
  readonly waivers: readonly PolicyWaiver[];
  readonly now: Date;
}

/** A policy that may be broken for a time. */
export interface PolicyWaiver {
  readonly policy: string;
  /** Key of the one service it is for; absent: all, and what belongs to no service. */
  readonly service?: string;
  /** The last day on which it counts, `2027-01-31`, in UTC. */
  readonly until: string;
  readonly reason: string;
  /** Where it is written. */
  readonly position?: Position;
}

/** What a policy says of one place of the desired state. */
export interface Verdict {
  readonly policy: string;
  readonly pack: string;
  readonly title: string;
  readonly severity: Severity;
  /** Only `denied` refuses a revision. */
  readonly outcome: "denied" | "warned" | "noted" | "waived";
  /** `service/web`, `network/default`, `volume/data`, or `project`. */
  readonly resource: string;
  readonly message: string;
  readonly hint: string;
  /** In the YAML the operator wrote. */
  readonly position?: Position;
  readonly reason: string;
}
