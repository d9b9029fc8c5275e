import type { DesiredService } from "../model/desired.ts";
import type { Cause } from "./cause.ts";
import type { Slot } from "./decision.ts";
import { slotLabel } from "./slots.ts";
import type { ContainerRef, Step, StepKind } from "./step.ts";

/** The steps of one slot, and where they leave it. */
export interface SlotSteps {
  readonly steps: readonly Step[];
  readonly settle: readonly Step[];
  /** The container that answers for the slot afterwards; undefined when it is blocked. */
  readonly container?: ContainerRef;
  /** The step after which it runs; undefined when it runs already, or is not to. */
  readonly started?: string;
}

/** Collects the steps of one slot with ids of their own. */
export class StepLine {
  readonly #resource: string;
  readonly #label: string;
  readonly #steps: Step[] = [];
  readonly #settle: Step[] = [];

  constructor(service: DesiredService, slot: Slot) {
    this.#label = slotLabel(service, slot.number);
    this.#resource = `service/${this.#label}`;
  }

  /** @returns the step's id, for those that need it */
  add(name: string, cause: Cause, step: StepKind, needs: readonly string[], suffix = ""): string {
    const id = [name, this.#label, suffix].filter((part) => part !== "").join(" ");
    this.#steps.push({ id, resource: this.#resource, cause, needs: [...new Set(needs)], ...step });
    return id;
  }

  /** A removal that waits for the verification. */
  settle(name: string, cause: Cause, step: StepKind, suffix: string): void {
    this.#settle.push({ id: `${name} ${this.#label} ${suffix}`, resource: this.#resource, cause, needs: [], ...step });
  }

  /** @param started the step after which the container runs */
  result(container: ContainerRef, started?: string): SlotSteps {
    return { steps: this.#steps, settle: this.#settle, container, started };
  }
}
