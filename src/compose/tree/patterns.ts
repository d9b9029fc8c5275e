/**
 * Rules by place in the model: `services.*.ports.[]`. `*` stands for any key, `[]` for any item of a list. Trees are
 * walked side by side with the rules, so that a table costs the same whatever its length.
 */
export interface Pattern<Rule> {
  readonly rule?: Rule;
  readonly children: ReadonlyMap<string, Pattern<Rule>>;
}

/** What stands for an item of a list in a pattern. */
export const anyItem = "[]";

interface Building<Rule> {
  rule?: Rule;
  children: Map<string, Building<Rule>>;
}

/** The tree of rules that a table of patterns stands for. */
export function compilePatterns<Rule>(table: Readonly<Record<string, Rule>>): Pattern<Rule> {
  const root: Building<Rule> = { children: new Map() };
  for (const [pattern, rule] of Object.entries(table)) {
    let at = root;
    for (const part of pattern.split(".")) {
      let next = at.children.get(part);
      if (!next) at.children.set(part, next = { children: new Map() });
      at = next;
    }
    at.rule = rule;
  }
  return root;
}

/** The rules below one more key (or `[]`); undefined when no rule lies there. */
export function descend<Rule>(pattern: Pattern<Rule> | undefined, part: string): Pattern<Rule> | undefined {
  return pattern?.children.get(part) ?? pattern?.children.get("*");
}
