import type { Node } from "./node.ts";

/** What a phase has been through. */
export interface Settled<Rule extends object> {
  has(node: Node, rule: Rule): boolean;
  /** Takes what the phase made by a rule, which it would leave as it is. */
  add(node: Node, rule: Rule): Node;
}

/**
 * Spares a phase what it has made already: each file is merged into those before it, and the whole goes through the same
 * phases once more. Nodes never change, so a node that the phase made by the same rule needs no second look.
 */
export function createSettled<Rule extends object>(): Settled<Rule> {
  const rules = new WeakMap<Node, Rule>();
  return {
    has: (node, rule) => rules.get(node) === rule,
    add(node, rule) {
      if (node.kind === "map" || node.kind === "list") rules.set(node, rule);
      return node;
    },
  };
}
