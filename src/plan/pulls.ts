import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import type { DecidedService } from "./decision.ts";
import type { PlanInput } from "./input.ts";
import type { Step } from "./step.ts";

/** One pull for each image that a new container needs and that is not there, or that is always to be asked for. */
export function planPulls(decided: readonly DecidedService[], input: PlanInput): Step[] {
  const pulls = new Map<string, Step>();
  for (const { service, slots } of decided) {
    const creating = slots.find(({ decision }) => decision.kind === "create" || decision.kind === "recreate");
    const { image, platform } = service.spec;
    if (!creating || !needsPull(service, input)) continue;
    const id = pullStepId(image);
    pulls.set(id, {
      id,
      kind: "image.pull",
      resource: `image/${image}`,
      cause: { kind: "missing" },
      needs: [],
      image,
      platform,
    });
  }
  return [...pulls.values()].sort((a, b) => compareText(a.id, b.id));
}

/** Whether a new container of the service needs its image pulled before. */
export function needsPull({ spec, pullPolicy }: DesiredService, { observed }: PlanInput): boolean {
  return pullPolicy === "always" || (pullPolicy === "missing" && !observed.images.has(spec.image));
}

/** The id of the step that pulls an image, for those that need it. */
export function pullStepId(image: string): string {
  return `image.pull ${image}`;
}
