import type { ListNode, MapNode, Node } from "../tree/node.ts";
import { writeScalar, writeText } from "./write-scalar.ts";

/** A longer key, or one of several lines, does not stand on one line with its value. */
const longestKeyBytes = 128;
const lineBreak = /[\n\r\x85\u2028\u2029]/;

/**
 * A tree as a YAML document in the style of go-yaml v3 with two spaces, which Compose prints with: block mappings and
 * lists, no folding, quotes only where a reader of YAML 1.1 or 1.2 needs them.
 */
export function writeYaml(root: Node): string {
  return `${writeInline(root, 0)}\n`;
}

/** A node behind an indicator: its first line goes on there. */
function writeInline(node: Node, indent: number): string {
  if (node.kind === "broken") return "null";
  if (node.kind === "scalar") return writeScalar(node, indent);
  if (isEmpty(node)) return node.kind === "map" ? "{}" : "[]";
  const parts = node.kind === "list"
    ? node.items.map((item) => `- ${writeInline(item, indent + 2)}`)
    : [...node.entries].map(([key, value]) => writeEntry(key, value, indent));
  return parts.join(`\n${" ".repeat(indent)}`);
}

function writeEntry(key: string, value: Node, indent: number): string {
  const name = writeText(key, indent + 2);
  const inline = writeInline(value, indent + 2);
  if (lineBreak.test(key) || isLong(key)) {
    return `? ${name}\n${" ".repeat(indent)}: ${inline}`;
  }
  const isNested = (value.kind === "map" || value.kind === "list") && !isEmpty(value);
  return `${name}:${isNested ? `\n${" ".repeat(indent + 2)}` : " "}${inline}`;
}

function isLong(key: string): boolean {
  return key.length * 3 > longestKeyBytes && new TextEncoder().encode(key).length > longestKeyBytes;
}

function isEmpty(node: MapNode | ListNode): boolean {
  return node.kind === "map" ? node.entries.size === 0 : node.items.length === 0;
}
