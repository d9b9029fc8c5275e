import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import { isForPlatform } from "../model/platform.ts";
import type { DecidedService } from "./decision.ts";
import type { PlanInput } from "./input.ts";
import type { Step } from "./step.ts";
import { newStep, pullStepId } from "./step-id.ts";

/** One pull for each image that a new container needs and that is not there, or that is always to be asked for. */
export function planPulls(decided: readonly DecidedService[], input: PlanInput): Step[] {
  const pulls = new Map<string, Step>();
  for (const { service, slots } of decided) {
    const creating = slots.find(({ decision }) => decision.kind === "create" || decision.kind === "recreate");
    const { image, platform } = service.spec;
    if (!creating || !needsPull(service, input)) continue;
    const parts = { resource: `image/${image}`, cause: { kind: "missing" as const }, needs: [] };
    pulls.set(pullStepId(image), newStep(parts, { kind: "image.pull", image, platform }));
  }
  return [...pulls.values()].sort((a, b) => compareText(a.id, b.id));
}

/** Whether a new container of the service needs its image pulled before: also one that is there for another platform. */
export function needsPull({ spec, pullPolicy }: DesiredService, { observed }: PlanInput): boolean {
  if (pullPolicy !== "missing") return pullPolicy === "always";
  const image = observed.images.get(spec.image);
  const isOther = spec.platform !== undefined && image?.platform && !isForPlatform(image.platform, spec.platform);
  return !image || Boolean(isOther);
}
