import { entry, intFrom, isNull, mapFrom, mapItems, type MapNode, type Node, textFrom } from "../tree/node.ts";
import { scalarText } from "../tree/scalar-text.ts";
import type { Shape, StructShape } from "../types/shape.ts";
import { projectShape } from "../types/shapes-project.ts";
import { compareKeys } from "./key-order.ts";

/** What stands at the top of the YAML that Compose prints, in this order; `x-…` follow. */
const sections = ["name", "services", "networks", "volumes", "secrets", "configs", "models"] as const;

/** Values that YAML has otherwise than JSON; undefined where it has none. */
const forms: Partial<Record<Shape["kind"], (node: Node) => Node | undefined>> = {
  command: (node) => isNull(node) ? undefined : node,
  ulimit: (node) => node.kind === "map" ? mapFrom(node, [limitOf(node, "soft"), limitOf(node, "hard")]) : node,
  ssh: (node) => node.kind === "list" ? mapItems(node, keyAndPath) : node,
};

/**
 * The canonical tree as Compose prints it in YAML, which has more than its JSON (`x-…` inside services and resources,
 * models) and less (no commands and mappings that nobody wrote). Keys of the operator's choice stand in natural order.
 */
export function yamlForm(tree: MapNode): MapNode {
  const fields = sections.map((key) => [key, projectShape.fields[key]!] as const);
  return structForm(tree, { ...projectShape, fields: Object.fromEntries(fields) });
}

function formOf(node: Node, shape: Shape): Node | undefined {
  if (node.kind === "map" && shape.kind === "struct") return structForm(node, shape);
  if (node.kind === "map" && shape.kind === "map") return orderedMap(node, (value) => formOf(value, shape.of));
  if (node.kind === "list" && shape.kind === "list") return mapItems(node, (item) => formOf(item, shape.of));
  return (forms[shape.kind] ?? plainForm)(node);
}

function structForm(node: MapNode, shape: StructShape): MapNode {
  const entries = new Map<string, Node>();
  for (const [key, field] of Object.entries(shape.fields)) {
    const value = node.entries.get(shape.names?.[key] ?? key);
    const form = value && formOf(value, field);
    if (form && !isUnwritten(form, field)) entries.set(key, form);
  }
  if (node.extensions) {
    for (const [key, value] of inOrder(node.extensions)) entries.set(key, plainForm(value));
  }
  return { kind: "map", entries, place: node.place };
}

/** A mapping that JSON prints whether it was written or not. */
function isUnwritten(form: Node, field: Shape): boolean {
  return field.kind === "struct" && field.always === true && form.kind === "map" && form.entries.size === 0;
}

/** A value that no shape describes. */
function plainForm(node: Node): Node {
  if (node.kind === "map") return orderedMap(node, plainForm);
  return node.kind === "list" ? mapItems(node, plainForm) : node;
}

function orderedMap(node: MapNode, form: (value: Node) => Node | undefined): MapNode {
  const entries = new Map<string, Node>();
  for (const [key, value] of inOrder(node.entries)) {
    const formed = form(value);
    if (formed) entries.set(key, formed);
  }
  return { kind: "map", entries, place: node.place };
}

function inOrder(entries: ReadonlyMap<string, Node>): readonly (readonly [string, Node])[] {
  return [...entries].sort(([a], [b]) => compareKeys(a, b));
}

function limitOf(ulimit: MapNode, key: "soft" | "hard"): readonly [string, Node] {
  return [key, entry(ulimit, key) ?? intFrom(ulimit, 0)];
}

/** `id=path` as `id: path`. */
function keyAndPath(key: Node): Node {
  return textFrom(key, (scalarText(key) ?? "").replace("=", ": "));
}
