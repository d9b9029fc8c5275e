import { type ConsistencyContext, report } from "./_consistency.ts";
import { entriesOf, entry, type MapNode } from "../tree/node.ts";

/** Services that depend on each other: each circle is reported once. */
export function checkCycles(context: ConsistencyContext): void {
  const done = new Set<string>();
  for (const start of context.services.enabled.keys()) {
    const cycle = findCycle(start, context.services.enabled, done);
    if (!cycle) continue;
    const [first, second] = cycle as [string, string];
    const node = entry(entry(context.services.enabled.get(first), "depends_on"), second)!;
    report(context, "DEPENDENCY_CYCLE", node, {
      path: `services.${first}.depends_on.${second}`,
      message: `Services depend on each other: ${cycle.join(" → ")}`,
      hint: "take one of these dependencies away",
    });
    for (const key of cycle) done.add(key);
  }
}

/** Depth first without recursion; services that lead to no cycle are remembered. */
function findCycle(start: string, services: ReadonlyMap<string, MapNode>, done: Set<string>): string[] | undefined {
  const path: { readonly key: string; readonly next: string[] }[] = [];
  const enter = (key: string): void => {
    path.push({
      key,
      next: entriesOf(entry(services.get(key), "depends_on")).map(([name]) => name).filter((name) =>
        services.has(name)
      ),
    });
  };
  if (done.has(start)) return undefined;
  enter(start);
  while (path.length > 0) {
    const top = path.at(-1)!;
    const next = top.next.shift();
    if (next === undefined) {
      done.add(top.key);
      path.pop();
      continue;
    }
    const index = path.findIndex((step) => step.key === next);
    if (index !== -1) return [...path.slice(index).map((step) => step.key), next];
    if (!done.has(next)) enter(next);
  }
  return undefined;
}
