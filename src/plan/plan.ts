import type { Cause, FieldDifference } from "./cause.ts";
import type { Corrected } from "./corrections.ts";
import type { Step } from "./step.ts";

/** The whole future of one pass, as data. Empty `steps` and `settle`: the host equals the revision. */
export interface Plan {
  readonly project: string;
  /** In an order that satisfies `needs`; independent ones may run side by side. */
  readonly steps: readonly Step[];
  /** Removals that wait until the verification passed: predecessors, which are the way back until then. */
  readonly settle: readonly Step[];
  /** One per resource that differs, sorted by resource: what the operator reads. */
  readonly differences: readonly Difference[];
  /** What holdfast does not change itself (a volume's driver, a name that is taken), with what to do. */
  readonly notices: readonly Notice[];
  /** Every field that the steps correct, for what is remembered of corrections that do not last. */
  readonly corrected?: readonly Corrected[];
  /** How many services need nothing. */
  readonly convergedCount: number;
}

export interface Difference {
  /** `service/web`. */
  readonly resource: string;
  readonly cause: Cause;
  /** What will be done about it: `recreate`, `start`, `update`, `create`, `remove`, … */
  readonly action: string;
}

export interface Notice {
  readonly resource: string;
  /** `error`: the resource cannot be brought to what git says; the deployment is not converged. */
  readonly severity: "error" | "warning";
  /** `obstacle`: a service waits until it is gone; `unlasting`: corrections of its fields did not last, and are given up. */
  readonly kind?: "obstacle" | "unlasting";
  readonly message: string;
  readonly hint: string;
  readonly fields: readonly FieldDifference[];
}

export function isEmptyPlan(plan: Plan): boolean {
  return plan.steps.length === 0 && plan.settle.length === 0;
}

/** What is in the way of services: they wait for it, and with them the verification. */
export function obstaclesOf({ notices }: Pick<Plan, "notices">): Notice[] {
  return notices.filter(({ kind }) => kind === "obstacle");
}

/** The host is what git says: nothing is to be done, and nothing is in the way. */
export function isAsWanted(plan: Plan): boolean {
  return isEmptyPlan(plan) && !hasObstacle(plan);
}

/** Something differs that no step of ours can mend. */
export function hasObstacle({ notices }: Pick<Plan, "notices">): boolean {
  return notices.some((notice) => notice.severity === "error");
}
