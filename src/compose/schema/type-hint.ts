import { type Node, show } from "../tree/node.ts";
import { serviceSchema } from "./schema-service.ts";
import type { MapSchema, Schema } from "./schema.ts";

/** A value of another type, and what may stand in its place. */
export interface WrongType {
  readonly node: Node;
  readonly path: string;
  readonly schemas: readonly Schema[];
  /** In words, without "nothing". */
  readonly expected: string;
}

const duration = "write a duration with its unit, such as 30s or 1m30s";
const durations = ["interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay", "monitor"];

/** Texts that quotes alone do not make right. */
const forms: ReadonlyMap<string, string> = new Map([
  ...durations.map((key) => [key, duration] as const),
  ["window", duration],
  ["restart", "write no, always, unless-stopped or on-failure"],
]);

/** Keys that say best what a mapping is, where it has them. */
const telling = ["image", "file", "condition", "test", "driver", "config", "source", "path", "limits", "soft"];

/** What to write instead of a value of another type. */
export function typeHint({ node, path, schemas, expected }: WrongType): string {
  const options = schemas.flatMap(optionsOf).filter((option) => !isNothing(option));
  const takes = (kind: Schema["kind"]) => options.some((option) => option.kind === kind);
  const maps = options.filter((option) => option.kind === "map");
  const key = path.slice(path.lastIndexOf(".") + 1);
  if (path === `services.${key}` && Object.hasOwn(serviceSchema.keys, key)) {
    return `"${key}" is a key of a service: indent it like the keys of the one above`;
  }
  if (node.kind === "scalar" && takes("scalar")) {
    const values = options.flatMap((option) => option.kind === "scalar" ? option.oneOf ?? [] : []);
    if (values.length > 0) return `write one of ${values.join(", ")}`;
    if (node.type === "null") return `give it a value: ${expected}; or take it away`;
    if (options.some((option) => option.kind === "scalar" && option.types.includes("string"))) {
      return forms.get(key) ?? "put the value in quotes";
    }
    return `write ${expected}`;
  }
  if (node.kind === "list" && path.endsWith("]")) return "take one `- `, or one pair of brackets, away";
  if (node.kind === "map" && path.endsWith("]")) {
    return "a `: ` makes a mapping of a list item: take its space away, or the `- ` of all items";
  }
  if (node.kind === "map" && takes("list")) return "write a list: begin each line below it with `- `";
  if (node.kind === "list" && maps.length > 0) return `write a mapping: ${mapForm(maps)}, without \`- \``;
  if (node.kind === "scalar" && maps.some(isOfTexts)) return "write `NAME: value`, each in a line below it";
  if (node.kind === "scalar" && takes("list") && /^(?:[-•*–]|\d+[.)])/u.test(String(node.value))) {
    return "begin each item with `- `: a dash and a space";
  }
  if (node.kind === "scalar" && takes("list")) {
    return node.type === "null" || node.value === ""
      ? "give it items, each with `- ` before it, or take it away"
      : `write a list: [${show(node)}]`;
  }
  if (node.kind === "scalar" && maps.length > 0) return `write a mapping: ${mapForm(maps)} in a line below it`;
  if (key === "content") return "write `content: |`, and the text in the lines below it";
  const text = forms.get(key) ?? `write ${expected}`;
  return node.kind === "list" ? `${text}, without brackets and \`- \`` : `${text}, behind the colon`;
}

function optionsOf(schema: Schema): readonly Schema[] {
  return schema.kind === "either" ? schema.of.flatMap(optionsOf) : [schema];
}

function isNothing(schema: Schema): boolean {
  return schema.kind === "scalar" && schema.types.every((type) => type === "null");
}

/** Whether a mapping is one of names and their values, such as `environment`. */
function isOfTexts({ keys, others }: MapSchema): boolean {
  return Object.keys(keys).length === 0 && others?.kind === "scalar";
}

/** What a line of a mapping looks like: `driver: …`, or `NAME: …` where the name is the operator's. */
function mapForm(maps: readonly MapSchema[]): string {
  const keys = maps.flatMap((map) => Object.keys(map.keys));
  const key = telling.find((name) => keys.includes(name)) ?? keys[0] ?? "NAME";
  return `\`${key}: …\``;
}
