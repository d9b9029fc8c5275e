import type { DesiredService } from "../model/desired.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Cause, FieldDifference } from "./cause.ts";
import type { Corrected } from "./corrections.ts";
import type { Finding } from "./finding.ts";
import type { Notice } from "./plan.ts";

/** What is to become of one container of a service. */
export type Decision = DecisionKind & CorrectedFields;

/** Fields of its container that are not what git says. */
export interface CorrectedFields {
  /** Those that are corrected. */
  readonly corrected?: readonly Corrected[];
  /** Those that are left alone, since their corrections do not last. */
  readonly leftAlone?: readonly Corrected[];
}

type DecisionKind =
  /** Nothing to do. */
  | { readonly kind: "keep"; readonly current: ObservedContainer }
  /** There is none. */
  | { readonly kind: "create"; readonly cause: Cause }
  /** A new one takes over; all that are there are its predecessors. */
  | {
    readonly kind: "recreate";
    readonly cause: Cause;
    /** What the host had changed beside, where git changed the service too. */
    readonly drifted?: readonly FieldDifference[];
  }
  /** The one that is there is mended, by acts that leave it the same container. */
  | {
    readonly kind: "mend";
    readonly current: ObservedContainer;
    readonly cause: Cause;
    readonly mends: readonly Mend[];
  }
  /** Something that holdfast may not touch is in the way. */
  | { readonly kind: "blocked"; readonly notice: Notice };

export type Mend =
  | { readonly kind: "rename" }
  | { readonly kind: "update"; readonly findings: readonly Finding[] }
  /** By Docker name. */
  | { readonly kind: "reconnect"; readonly networks: readonly string[] }
  | { readonly kind: "unpause" }
  | { readonly kind: "start" }
  | { readonly kind: "restart" }
  | { readonly kind: "stop" };

/** One container that a service is to have: its number and the containers that claim to be it. */
export interface Slot {
  readonly number: number;
  /** Docker name. */
  readonly name: string;
  readonly candidates: readonly ObservedContainer[];
}

/** A service with what was decided over each of its containers. */
export interface DecidedService {
  readonly service: DesiredService;
  readonly slots: readonly { readonly slot: Slot; readonly decision: Decision }[];
}
