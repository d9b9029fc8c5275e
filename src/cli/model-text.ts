import { stringify } from "yaml";

/** A model as JSON, or as YAML that a reader of YAML 1.1 takes for the same values. */
export function modelText(model: unknown, format: "yaml" | "json"): string {
  if (format === "json") return `${JSON.stringify(model, null, 2)}\n`;
  return stringify(model, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}
