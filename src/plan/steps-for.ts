import type { Plan } from "./plan.ts";
import type { Step } from "./step.ts";

/** The steps of a plan that work on some resources, with all that they need, in their order. */
export function stepsFor({ steps }: Plan, resources: ReadonlySet<string>): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const wanted = new Set<string>();
  const want = (step: Step | undefined): void => {
    if (!step || wanted.has(step.id)) return;
    wanted.add(step.id);
    for (const id of step.needs) want(byId.get(id));
  };
  for (const step of steps) if (resources.has(step.resource)) want(step);
  return steps.filter(({ id }) => wanted.has(id));
}
