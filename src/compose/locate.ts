import type { Position } from "../model/position.ts";
import type { Node } from "./node.ts";
import { joinIndex, joinPath } from "./patterns.ts";
import { positionAt } from "./source.ts";

/**
 * The value at a path of the model (`services.web.ports[0].target`), or its nearest parent. A key may hold dots: the
 * longest key that fits is taken.
 */
export function findNode(root: Node, path: string): Node {
  let node = root;
  let rest = path;
  while (rest !== "") {
    const next = node.kind === "map"
      ? stepIntoMap(node.entries, rest)
      : node.kind === "list"
      ? stepIntoList(node.items, rest)
      : undefined;
    if (!next) return node;
    [node, rest] = next;
  }
  return node;
}

function stepIntoMap(entries: ReadonlyMap<string, Node>, path: string): [Node, string] | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const key = path.slice(0, end);
    const value = entries.get(key);
    if (value) return [value, path.slice(end + 1)];
    const bracket = /^(.*?)((?:\[\d+\])+)$/.exec(key);
    const list = bracket && entries.get(bracket[1]!);
    if (list) return [list, bracket[2]! + path.slice(end)];
  }
  return undefined;
}

function stepIntoList(items: readonly Node[], path: string): [Node, string] | undefined {
  const match = /^\[(\d+)\]\.?/.exec(path);
  const item = match && items[Number(match[1])];
  return item ? [item, path.slice(match[0].length)] : undefined;
}

/** A mapping or list is found at its key, a value where it stands itself. */
export function nodePosition(node: Node): Position {
  return positionAt(node.kind === "scalar" ? node.place : node.keyPlace ?? node.place);
}

/** Paths of all values that hold bytes of a key. */
export function secretPathsOf(root: Node): ReadonlySet<string> {
  const paths = new Set<string>();
  const walk = (node: Node, path: string): void => {
    if (node.kind === "map") { for (const [key, value] of node.entries) walk(value, joinPath(path, key)); }
    else if (node.kind === "list") node.items.forEach((item, index) => walk(item, joinIndex(path, index)));
    else if (node.secret) paths.add(path);
  };
  walk(root, "");
  return paths;
}
