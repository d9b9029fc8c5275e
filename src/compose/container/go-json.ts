import type { Node } from "../tree/node.ts";
import { toJson } from "../tree/to-json.ts";

/**
 * A tree as the JSON that Compose hashes: compact, keys in their order (a plain object would put `1` before all others),
 * and `&`, `<`, `>` and line separators escaped.
 */
export function goJson(node: Node): string {
  switch (node.kind) {
    case "map":
      return `{${[...node.entries].map(([key, value]) => `${scalarJson(key)}:${goJson(value)}`).join(",")}}`;
    case "list":
      return `[${node.items.map(goJson).join(",")}]`;
    case "scalar":
    case "broken":
      return scalarJson(toJson(node));
  }
}

function scalarJson(value: ReturnType<typeof toJson>): string {
  return JSON.stringify(value)
    .replaceAll("&", "\\u0026")
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
