import type { DesiredService } from "../model/desired.ts";
import type { Cause } from "./cause.ts";
import type { Slot } from "./decision.ts";
import { slotLabel } from "./slots.ts";
import type { ContainerRef, Step, StepKind } from "./step.ts";
import { newStep } from "./step-id.ts";

/** The steps of one slot, and where they leave it. */
export interface SlotSteps {
  readonly steps: readonly Step[];
  readonly settle: readonly Step[];
  /** The container that answers for the slot afterwards; undefined when it is blocked. */
  readonly container?: ContainerRef;
  /** The step after which it runs; undefined when it runs already, or is not to. */
  readonly started?: string;
}

/** Collects the steps of one slot. */
export class StepLine {
  readonly #resource: string;
  readonly #steps: Step[] = [];
  readonly #settle: Step[] = [];

  constructor(service: DesiredService, slot: Slot) {
    this.#resource = `service/${slotLabel(service, slot.number)}`;
  }

  /** @returns the step's id, for those that need it */
  add(cause: Cause, step: StepKind, needs: readonly string[]): string {
    const added = newStep({ resource: this.#resource, cause, needs }, step);
    this.#steps.push(added);
    return added.id;
  }

  /** A removal that waits for the verification. */
  settle(cause: Cause, step: StepKind): void {
    this.#settle.push(newStep({ resource: this.#resource, cause, needs: [] }, step));
  }

  /** @param started the step after which the container runs */
  result(container: ContainerRef, started?: string): SlotSteps {
    return { steps: this.#steps, settle: this.#settle, container, started };
  }
}
