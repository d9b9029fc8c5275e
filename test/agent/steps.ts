import type { Step, StepKind } from "../../src/plan/step.ts";

/** A step that creates volume `name` after others: the shortest call there is. */
export function volumeStep(name: string, needs: readonly string[] = []): Step {
  return step(name, { kind: "volume.create", spec: { name, driverOptions: {}, labels: {} }, labels: {} }, needs);
}

export function pullStep(image: string, needs: readonly string[] = []): Step {
  return step(image, { kind: "image.pull", image }, needs);
}

export function stopStep(id: string, needs: readonly string[] = []): Step {
  return step(`stop ${id}`, { kind: "container.stop", container: { id } }, needs);
}

/** Waits for container `id`, a minute at most. */
export function waitStep(
  id: string,
  until: "healthy" | "completed" = "healthy",
): Extract<Step, { kind: "container.wait" }> {
  return {
    id: `wait ${id}`,
    resource: "service/web",
    cause: { kind: "missing" },
    needs: [],
    kind: "container.wait",
    container: { id },
    until,
    timeoutSeconds: 60,
  };
}

export function step(id: string, kind: StepKind, needs: readonly string[] = []): Step {
  return { id, resource: "service/web", cause: { kind: "missing" }, needs, ...kind };
}
