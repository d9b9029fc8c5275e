import type { Json } from "../../model/compose.ts";
import type { Node } from "./node.ts";

/** The plain value of a tree. Keys keep their order; a broken value is null. */
export function toJson(node: Node): Json {
  switch (node.kind) {
    case "scalar":
      if (node.type === "date") return dateText(String(node.value));
      return node.type === "int" ? Number(node.value) : node.value;
    case "list":
      return node.items.map(toJson);
    case "map":
      // fromEntries makes an own property of every key, `__proto__` included
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, toJson(value)]));
    case "broken":
      return null;
  }
}

/** A date as Compose prints it. */
export function dateText(text: string): string {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d{2}:\d{2})?)?$/
    .exec(text);
  if (!match) return text;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const pad = (value: string | undefined): string => (value ?? "0").padStart(2, "0");
  const parts = fraction.replace(/\.?0+$/, "");
  return `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}${parts}${
    zone === "+00:00" ? "Z" : zone
  }`;
}
