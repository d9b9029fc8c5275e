import type { MapNode, Node } from "../tree/node.ts";

/** Takes what `!reset` and `!override` name out of what earlier files say. */
export function forget(root: Node, resets: readonly (readonly string[])[]): Node {
  return resets.reduce((node, path) => forgetPath(node, path), root);
}

function forgetPath(node: Node, path: readonly string[]): Node {
  const [key, ...rest] = path;
  if (key === undefined || node.kind !== "map") return node;
  const value = node.entries.get(key);
  if (!value) return node;
  const changed = rest.length === 0 ? undefined : forgetPath(value, rest);
  if (changed === value) return node;
  const entries = new Map(node.entries);
  if (changed) entries.set(key, changed);
  else entries.delete(key);
  return { ...node, entries } satisfies MapNode;
}
