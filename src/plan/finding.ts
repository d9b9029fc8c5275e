import type { FieldDifference } from "./cause.ts";

/**
 * What can bring one field of a live container back. `update` and `reconnect` leave it running; every other field is
 * fixed when a container is created.
 */
export type Remedy = "recreate" | "update" | "reconnect";

/** One field of a container that is not what git says, and what it takes to mend it. */
export interface Finding {
  /** Compose's key inside the service, by which `drift.ignore` names it: `labels.last-scan`, `mem_limit`. */
  readonly key: string;
  readonly difference: FieldDifference;
  readonly remedy: Remedy;
  /** Docker name of the network that is to be reconnected. */
  readonly network?: string;
}
