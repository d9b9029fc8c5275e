import { replaced } from "./merge.ts";
import { entry, type MapNode, type Node, withEntries } from "../tree/node.ts";

/** Paths, in keys, of what `!reset` and `!override` stand at. */
export type Resets = readonly (readonly string[])[];

/**
 * Merges over what earlier files say, without what `!reset` and `!override` name there. What stands there instead
 * remembers what it replaced.
 */
export function mergeAfterReset(before: Node, resets: Resets, mergeOver: (kept: Node) => Node): Node {
  const kept = resets.reduce(forgetPath, before);
  return resets.reduce((node, path) => rememberPath(node, path, before), mergeOver(kept));
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

function rememberPath(node: Node, path: readonly string[], before: Node): Node {
  const [key, ...rest] = path;
  if (key === undefined || node.kind !== "map") return node;
  const value = entry(node, key);
  const earlier = entry(before, key);
  if (!value || !earlier) return node;
  return withEntries(node, { [key]: rest.length > 0 ? rememberPath(value, rest, earlier) : replaced(earlier, value) });
}
