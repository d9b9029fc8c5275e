import { formatFloat } from "../types/numbers.ts";
import type { Node, ScalarNode } from "./node.ts";

/** The text that Compose makes of a scalar where it wants text; undefined for a mapping, a list, or nothing. */
export function scalarText(node: Node): string | undefined {
  if (node.kind !== "scalar") return undefined;
  switch (node.type) {
    case "null":
      return undefined;
    case "float":
      return formatFloat(Number(node.value));
    case "int":
      return formatInt(node.value);
    case "bool":
    case "string":
    case "date":
      return String(node.value);
  }
}

/** A number that JavaScript cannot hold is its digits already. */
function formatInt(value: ScalarNode["value"]): string {
  return typeof value !== "number" || Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}
