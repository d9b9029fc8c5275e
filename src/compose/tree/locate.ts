import type { Position } from "../../model/position.ts";
import { keyPlaceOf, type Node } from "./node.ts";
import { joinIndex, joinPath } from "./model-path.ts";
import { positionAt } from "./source.ts";

export interface LocatedNode {
  readonly node: Node;
  /** The path of `node`: the asked one, or a parent of it. */
  readonly path: string;
  /** What `node` is in, the nearest first. */
  readonly parents: readonly Node[];
}

/**
 * The value at a path of the model (`services.web.ports[0].target`), or its nearest parent. A key may hold dots: the
 * longest key that fits is taken.
 */
export function locateNode(root: Node, path: string): LocatedNode {
  let node = root;
  let rest = path;
  let found = "";
  const parents: Node[] = [];
  while (rest !== "") {
    const step = node.kind === "map"
      ? stepIntoMap(node.entries, rest) ?? stepIntoMap(node.extensions ?? noEntries, rest)
      : node.kind === "list"
      ? stepIntoList(node.items, rest)
      : undefined;
    if (!step) break;
    found = typeof step.key === "number" ? joinIndex(found, step.key) : joinPath(found, step.key);
    parents.unshift(node);
    node = step.node;
    rest = step.rest;
  }
  return { node, path: found, parents };
}

/** The node that `locateNode` finds. */
export function findNode(root: Node, path: string): Node {
  return locateNode(root, path).node;
}

const noEntries: ReadonlyMap<string, Node> = new Map();

interface Step {
  readonly key: string | number;
  readonly node: Node;
  readonly rest: string;
}

function stepIntoMap(entries: ReadonlyMap<string, Node>, path: string): Step | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const key = path.slice(0, end);
    const value = entries.get(key);
    if (value) return { key, node: value, rest: path.slice(end + 1) };
    const [indexes] = /(?:\[\d+\])+$/.exec(key) ?? [];
    const name = indexes === undefined ? undefined : key.slice(0, -indexes.length);
    const list = name === undefined ? undefined : entries.get(name);
    if (list) return { key: name!, node: list, rest: indexes! + path.slice(end) };
  }
  return undefined;
}

function stepIntoList(items: readonly Node[], path: string): Step | undefined {
  const match = /^\[(\d+)\]\.?/.exec(path);
  const item = match && items[Number(match[1])];
  return item ? { key: Number(match[1]), node: item, rest: path.slice(match[0].length) } : undefined;
}

/** A mapping or list is found at its key, a value where it stands itself. */
export function nodePosition(node: Node): Position {
  return positionAt(node.kind === "scalar" ? node.place : keyPlaceOf(node));
}

/** Places of all values by their path; of the whole by "". */
export function placesIn(root: Node): ReadonlyMap<string, Position> {
  const places = new Map<string, Position>();
  const walk = (node: Node, path: string): void => {
    places.set(path, nodePosition(node));
    if (node.kind === "list") node.items.forEach((item, index) => walk(item, joinIndex(path, index)));
    if (node.kind !== "map") return;
    for (const [key, value] of [...node.entries, ...node.extensions ?? []]) walk(value, joinPath(path, key));
  };
  walk(root, "");
  return places;
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
