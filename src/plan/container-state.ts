import type { DesiredService } from "../model/desired.ts";
import type { ContainerState, ObservedContainer } from "../model/observed.ts";
import type { PlanInput } from "./input.ts";
import { numberOf } from "./slots.ts";

/** One restart is an accident. */
const loopingRestarts = 2;

/**
 * Whether an exit with 0 was the end of a job rather than somebody's stop. A job is waited for by others as such; or it
 * publishes nothing, and it says that it ends by itself or had not been seen running when a verification ended. Of one
 * that nothing is remembered of, the end is believed only where nobody depends on it.
 */
export function isComplete(service: DesiredService, container: ObservedContainer, input: PlanInput): boolean {
  if (container.state.status !== "exited" || container.state.exitCode !== 0) return false;
  if (service.spec.restart.name === "always" || service.spec.restart.name === "unless-stopped") return false;
  const waits = [...input.desired.services.values()].flatMap((other) =>
    other.dependsOn.filter((d) => d.service === service.key)
  );
  if (waits.some((wait) => wait.condition === "service_completed_successfully")) return true;
  if (service.spec.ports.length > 0 || (service.spec.healthcheck?.test.length ?? 0) > 0) return false;
  if (endsByItself(service.key, input)) return true;
  const known = input.inventory.services[service.key];
  const isKnown = known?.containerId === container.id || (known && numberOf(container) > 1); // the first stands for all
  return isKnown ? known.ran !== true : waits.length === 0;
}

/** `restart: "no"` means it where it stands in a Compose file; left out, it is but Compose's default. */
function endsByItself(key: string, { desired }: PlanInput): boolean {
  return desired.model.services[key]?.["restart"] === "no";
}

/**
 * Whether the Engine starts it again and again: it is about to, or did so and the container has not run long enough
 * since then to count as running.
 */
export function isLooping(state: ContainerState, { now, runningMs }: PlanInput): boolean {
  if (state.status === "restarting") return true;
  if (state.status !== "running" || state.restartCount < loopingRestarts) return false;
  return now.getTime() - Date.parse(state.startedAt) < runningMs;
}

/** `stopped on the host at 03:12:05 (exit 137)`: for the operator, in UTC. */
export function describeState(state: ContainerState): string {
  switch (state.status) {
    case "created":
      return "created, never started";
    case "exited":
    case "dead": {
      const reason = state.oomKilled ? "out of memory" : `exit ${state.exitCode}`;
      return `stopped on the host at ${state.finishedAt.slice(11, 19)} (${reason})`;
    }
    case "running":
      return "running";
    case "paused":
      return "paused on the host";
    case "restarting":
      return `restarting (exit ${state.exitCode})`;
    case "removing":
      return "being removed";
  }
}
