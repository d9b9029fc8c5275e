import type { Node } from "./node.ts";

/** How large a tree is. */
export interface TreeSize {
  /** Mappings, lists and scalars. */
  readonly values: number;
  /** Of texts and keys. */
  readonly characters: number;
}

const sizes = new WeakMap<Node, TreeSize>();

/**
 * The size of a tree with everything that several places share counted at each of them: later phases make each place its
 * own. Costs as much as the parts that were not measured before.
 */
export function sizeOf(node: Node): TreeSize {
  if (node.kind === "broken") return { values: 1, characters: 0 };
  if (node.kind === "scalar") return { values: 1, characters: typeof node.value === "string" ? node.value.length : 0 };
  const known = sizes.get(node);
  if (known) return known;
  let [values, characters] = [1, 0];
  const add = (child: Node): void => {
    const size = sizeOf(child);
    values += size.values;
    characters += size.characters;
  };
  if (node.kind === "list") node.items.forEach(add);
  else {
    for (const [key, value] of node.entries) {
      characters += key.length;
      add(value);
    }
  }
  const size = { values, characters };
  sizes.set(node, size);
  return size;
}
