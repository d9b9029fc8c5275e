import type { Json } from "../../model/compose.ts";

/** JSON as Compose hashes it: compact, keys in their order, and `&`, `<`, `>` and line separators escaped. */
export function goJson(value: Json): string {
  return JSON.stringify(value)
    .replaceAll("&", "\\u0026")
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
