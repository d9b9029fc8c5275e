import type { Node } from "../tree/node.ts";
import { toJson } from "../tree/to-json.ts";

/**
 * A tree as the JSON that Compose hashes: compact, keys in their order (a plain object would put `1` before all others),
 * and `&`, `<`, `>` and line separators escaped.
 */
export function goJson(node: Node): string {
  return plainJson(node).replaceAll(/[&<>\u2028\u2029]/g, escapeUnit);
}

function plainJson(node: Node): string {
  switch (node.kind) {
    case "map":
      return `{${[...node.entries].map(([key, value]) => `${JSON.stringify(key)}:${plainJson(value)}`).join(",")}}`;
    case "list":
      return `[${node.items.map(plainJson).join(",")}]`;
    case "scalar":
    case "broken":
      return JSON.stringify(toJson(node));
  }
}

/** These stand in texts only, never between them. */
function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
