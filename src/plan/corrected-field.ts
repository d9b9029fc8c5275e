import type { DesiredService } from "../model/desired.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Corrected } from "./corrections.ts";
import type { Slot } from "./decision.ts";
import type { Finding } from "./finding.ts";
import type { PlanInput } from "./input.ts";
import { slotLabel } from "./slots.ts";

interface Live {
  readonly service: DesiredService;
  readonly slot: Slot;
  readonly current: ObservedContainer;
  /** Digest of what git says of the service. */
  readonly definition: string;
}

/** Keys of what `docker update` changes on a live container, whether git names it or not. */
const updatable: readonly string[] = [
  "restart",
  "mem_limit",
  "mem_reservation",
  "memswap_limit",
  "cpus",
  "cpu_shares",
  "cpu_period",
  "cpu_quota",
  "cpu_rt_period",
  "cpu_rt_runtime",
  "cpuset",
  "pids_limit",
  "blkio_config",
];

/** One finding over a container, as what is remembered of corrections names it. */
export function correctedField(
  { key, difference, remedy }: Finding,
  { madeAsWanted, ...live }: Live & { readonly madeAsWanted: boolean },
  input: PlanInput,
): Corrected {
  const isMovable = remedy !== "recreate" || updatable.includes(key) || key === "image" || isOfFile(difference.field);
  return {
    ...base(live, input),
    difference,
    ignoredBy: { service: live.service.key, field: key },
    isFixed: !isMovable && madeAsWanted && input.inventory.made?.[live.current.id] !== undefined,
  };
}

/** That a container's label tells of another definition than git's: an Engine may rewrite labels, too. */
export function correctedDefinition(live: Live, input: PlanInput): Corrected {
  const difference = {
    field: "definition",
    want: "as in git",
    have: "older",
    position: input.desired.positionOf(`services.${live.service.key}`),
  };
  return { ...base(live, input), difference, isFixed: false };
}

function base({ service, slot, current, definition }: Live, { observed }: PlanInput) {
  return {
    resource: `service/${slotLabel(service, slot.number)}`,
    id: current.id,
    definition,
    imageId: observed.images.get(service.spec.image)?.id ?? "",
  };
}

/** The bytes of a bound file move without the container. */
function isOfFile(field: string): boolean {
  return field.startsWith("file ");
}
