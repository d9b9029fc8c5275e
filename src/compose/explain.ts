import type { Position } from "../model/position.ts";
import type { LoadedProject } from "./load.ts";
import { locateNode, nodePosition } from "./tree/locate.ts";
import type { History } from "./tree/node.ts";
import { positionAt } from "./tree/source.ts";

/** One place that had a part in a value. */
export interface ExplainStep {
  readonly position: Position;
  /** `set`: what holds; `merged`: joined into it; `replaced`: overridden by the step before. */
  readonly how: "set" | "merged" | "replaced";
}

export interface Explanation {
  /** The path that was found: the asked one, or its nearest parent. */
  readonly path: string;
  readonly found: "value" | "parent";
  /** The place that holds first, then what it joined or replaced, back to the first file. */
  readonly steps: readonly ExplainStep[];
}

/** Where a value of the model comes from: which file set it, and which it overrode (`services.web.ports`). */
export function explain(project: LoadedProject, path: string): Explanation {
  const wanted = path.replace(/^service\./, "services.");
  const { node, path: found } = locateNode(project.tree, wanted);
  const steps: ExplainStep[] = [{ position: nodePosition(node), how: "set" }];
  for (let at: History | undefined = node.history; at; at = at.before) {
    steps.push({ position: positionAt(at.place), how: at.how });
  }
  return { path: found, found: found === wanted ? "value" : "parent", steps };
}
