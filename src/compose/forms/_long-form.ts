import type { Collector } from "../tree/collector.ts";
import type { Budget } from "../limits.ts";
import { brokenFrom, describeType, type Node, show } from "../tree/node.ts";

export interface LongFormOptions {
  readonly collector: Collector;
  readonly budget: Budget;
}

/** A short form and where it stands. */
export interface LongFormAt extends LongFormOptions {
  readonly path: string;
}

/** Reports a short form that cannot be read. */
export function refuse(node: Node, at: LongFormAt, problem: string, hint: string): Node {
  const what = node.kind === "scalar" ? show(node) : describeType(node);
  // the problem may quote a part of the value
  const shown = node.secret ? "cannot be read" : problem;
  at.collector.error("COMPOSE_VALUE", `${at.path} ${what} ${shown}`, { place: node.place, path: at.path, hint });
  return brokenFrom(node);
}
