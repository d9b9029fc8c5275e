import type { ObservedContainer, ObservedState } from "../../src/model/observed.ts";
import type { Engine } from "../../src/ports/engine.ts";

/** An Engine that answers something else than it was told: what `rewrite` makes of each look. */
export function rewritingEngine(engine: Engine, rewrite: (observed: ObservedState) => ObservedState): Engine {
  return { ...engine, observe: async (scope, signal) => rewrite(await engine.observe(scope, signal)) };
}

/** The same look with every container of this name changed. */
export function withContainer(
  observed: ObservedState,
  name: string,
  change: (container: ObservedContainer) => Partial<ObservedContainer>,
): ObservedState {
  return {
    ...observed,
    containers: observed.containers.map((container) =>
      container.name === name ? { ...container, ...change(container) } : container
    ),
  };
}
