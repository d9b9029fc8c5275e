import { quoteText } from "../../model/escape.ts";
import type { Position } from "../../model/position.ts";
import { type Place, positionAt } from "./source.ts";

/**
 * A Compose value with the place it was written at. Trees are never changed in place: a phase returns new nodes, which
 * keep the place of the value that they were made from.
 */
export type Node = ScalarNode | MapNode | ListNode | BrokenNode;

interface NodeBase {
  readonly place: Place;
  /** The key under which the value was written, if it is one of a mapping. */
  readonly keyPlace?: Place;
  /** Holds bytes of a key: never shown. */
  readonly secret?: boolean;
  /** A path that was written as a relative one. */
  readonly relative?: boolean;
  /** What this value replaced or was merged into, newest first. */
  readonly history?: History;
  /** What was interpolated into it. */
  readonly variables?: readonly VariableUse[];
}

/** A variable that a text asked for. */
export interface VariableUse {
  readonly name: string;
  readonly from: "file" | "given" | "unset";
  /** The line that sets it. */
  readonly position?: Position;
}

export type ScalarType = "null" | "bool" | "int" | "float" | "string" | "date";

export interface ScalarNode extends NodeBase {
  readonly kind: "scalar";
  /** As YAML's plain style gives it; a quoted scalar is a string. */
  readonly type: ScalarType;
  /** Of an "int" that a JavaScript number cannot hold: its digits. */
  readonly value: null | boolean | number | string;
}

export interface MapNode extends NodeBase {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Node>;
  /** `x-…` of a canonical mapping: Compose prints them in YAML, and knows them neither in JSON nor in its hash. */
  readonly extensions?: ReadonlyMap<string, Node>;
}

export interface ListNode extends NodeBase {
  readonly kind: "list";
  readonly items: readonly Node[];
}

/** A value that has an issue already: every later phase leaves it alone, so that one cause is reported once. */
export interface BrokenNode extends NodeBase {
  readonly kind: "broken";
}

/** What stood in the place of a value before it. */
export interface History {
  readonly how: "replaced" | "merged";
  readonly place: Place;
  readonly variables?: readonly VariableUse[];
  readonly before?: History;
}

/** What a made node takes over from the one it was made from. */
function inherited(from: Node): NodeBase {
  const { place, keyPlace, secret, relative, history, variables } = from;
  return {
    place,
    ...(keyPlace && { keyPlace }),
    ...(secret && { secret }),
    ...(relative && { relative }),
    ...(history && { history }),
    ...(variables && { variables }),
  };
}

/** Nothing, made from another value: as all of these, it keeps the place, history and variables of that one. */
export function nullFrom(from: Node): ScalarNode {
  return { kind: "scalar", type: "null", value: null, ...inherited(from) };
}

export function textFrom(from: Node, value: string): ScalarNode {
  return { kind: "scalar", type: "string", value, ...inherited(from) };
}

export function boolFrom(from: Node, value: boolean): ScalarNode {
  return { kind: "scalar", type: "bool", value, ...inherited(from) };
}

export function intFrom(from: Node, value: number): ScalarNode {
  return { kind: "scalar", type: "int", value, ...inherited(from) };
}

export function floatFrom(from: Node, value: number): ScalarNode {
  return { kind: "scalar", type: "float", value, ...inherited(from) };
}

export function listFrom(from: Node, items: readonly Node[]): ListNode {
  return { kind: "list", items, ...inherited(from) };
}

export function mapFrom(from: Node, entries: Iterable<readonly [string, Node]>): MapNode {
  return { kind: "map", entries: new Map(entries), ...inherited(from) };
}

export function brokenFrom(from: Node): BrokenNode {
  return { kind: "broken", ...inherited(from) };
}

/** Whether a value is written as nothing: `key:`, `~` or `null`. */
export function isNull(node: Node | undefined): boolean {
  return node?.kind === "scalar" && node.type === "null";
}

/** Whether a value is text, quoted or not. */
export function isText(node: Node | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === "scalar" && node.type === "string";
}

/** The entry of a mapping; undefined when the node is no mapping or lacks it. */
export function entry(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key) : undefined;
}

/** The entry of a mapping when it is text. */
export function entryText(node: Node | undefined, key: string): string | undefined {
  const found = entry(node, key);
  return isText(found) ? found.value : undefined;
}

/** The items of a list; none for any other node. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

/** The items of a list that are text. */
export function textsOf(node: Node | undefined): readonly (ScalarNode & { readonly value: string })[] {
  return itemsOf(node).filter(isText);
}

/** The entries of a mapping; none for any other node. */
export function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}

/** Whether a value, or one below it, has an issue already: what it says is not known. */
export function holdsBroken(node: Node | undefined): boolean {
  switch (node?.kind) {
    case "broken":
      return true;
    case "map":
      return [...node.entries.values()].some(holdsBroken);
    case "list":
      return node.items.some(holdsBroken);
    default:
      return false;
  }
}

/** The same mapping with some entries set or (undefined) taken away. */
export function withEntries(node: MapNode, changes: Readonly<Record<string, Node | undefined>>): MapNode {
  const entries = new Map(node.entries);
  for (const key of Object.keys(changes)) {
    const value = changes[key];
    if (value) entries.set(key, value);
    else entries.delete(key);
  }
  return { ...node, entries };
}

/** The same mapping with every entry changed; an entry for which `change` returns undefined is dropped. */
export function mapEntries(node: MapNode, change: (value: Node, key: string) => Node | undefined): MapNode {
  let entries: Map<string, Node> | undefined; // most walks change little: copied when the first entry changes
  for (const [key, value] of node.entries) {
    const changed = change(value, key);
    if (changed === value) continue;
    entries ??= new Map(node.entries);
    if (changed) entries.set(key, changed);
    else entries.delete(key);
  }
  return entries ? { ...node, entries } : node;
}

/** The same list with every item changed; an item for which `change` returns undefined is dropped. */
export function mapItems(node: ListNode, change: (value: Node, index: number) => Node | undefined): ListNode {
  let items: Node[] | undefined; // as in `mapEntries`
  node.items.forEach((item, index) => {
    const changed = change(item, index);
    if (changed !== item) items ??= node.items.slice(0, index);
    if (changed) items?.push(changed);
  });
  return items ? { ...node, items } : node;
}

/** A value for a message: quoted, short, and never the bytes of a key. */
export function show(node: Node): string {
  if (node.secret) return "(a secret)";
  switch (node.kind) {
    case "scalar":
      return node.type === "string" ? quote(String(node.value)) : String(node.value);
    case "map":
      return "a mapping";
    case "list":
      return "a list";
    case "broken":
      return "a value with an issue";
  }
}

/** Untrusted text for a message: quoted, short, and safe on a terminal. */
export function quote(text: string): string {
  return quoteText(text.length > 80 ? `${text.slice(0, 77)}…` : text);
}

/** What a node is, in the words of a message. */
export function describeType(node: Node): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : node.kind === "map" ? "a mapping" : "nothing";
  const names: Record<ScalarType, string> = {
    null: "nothing",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    string: "text",
    date: "a date",
  };
  return names[node.type];
}

/** The key of a value, or where the value itself stands when it has none. */
export function keyPlaceOf(node: Node): Place {
  return node.keyPlace ?? node.place;
}

/** Where an issue about a node is: a mapping or list at its key, a value where it stands itself. */
export function issuePlace(node: Node): Place {
  return node.kind === "map" || node.kind === "list" ? keyPlaceOf(node) : node.place;
}

/** `file:line` of a node, for messages that name a second place. */
export function whereIs(node: Node): string {
  const position = positionAt(keyPlaceOf(node));
  return `${position.file}:${position.line}`;
}
