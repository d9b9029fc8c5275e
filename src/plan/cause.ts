import type { Position } from "../model/position.ts";

/** Why a step is in the plan. */
export type Cause =
  | { readonly kind: "missing" }
  /** git moved. */
  | { readonly kind: "changed"; readonly fields: readonly FieldDifference[] }
  /** The host moved. */
  | { readonly kind: "drifted"; readonly fields: readonly FieldDifference[] }
  /** Ours, in no revision. */
  | { readonly kind: "orphaned" }
  /** A predecessor that an earlier pass replaced and that is still there. */
  | { readonly kind: "superseded" }
  | { readonly kind: "unhealthy"; readonly fields: readonly FieldDifference[] };

/** One field that differs, in words for the operator. Secret values are already digests here. */
export interface FieldDifference {
  /** `environment ALLOWED_HOSTS`, `memory limit`, `file /etc/nginx.conf`, `state`. */
  readonly field: string;
  /** What git says; "" when it says nothing. */
  readonly want: string;
  /** What the host has; "" when it has nothing. */
  readonly have: string;
  /** Where git says it. */
  readonly position?: Position;
}
