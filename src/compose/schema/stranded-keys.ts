import type { MapNode, Node } from "../tree/node.ts";
import type { MapSchema, Schema } from "./schema.ts";

/**
 * Keys that were meant to stand below the one before them and stand beside it: `web:`, and as far left `image: x`.
 *
 * @param takes whether a schema takes a node, as far as its kind tells
 * @returns the stranded keys of each key without a value
 */
export function strandedKeys(
  map: MapNode,
  schema: MapSchema,
  takes: (schema: Schema, node: Node) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const stranded = new Map<string, string[]>();
  let owner: { readonly key: string; readonly below: readonly MapSchema[] } | undefined;
  for (const [key, value] of map.entries) {
    const own = schemaOf(schema, key);
    if (own && value.kind === "scalar" && value.type === "null" && !takes(own, value)) {
      owner = { key, below: mapSchemas(own) };
    } else if (owner?.below.some((below) => hasKey(below, key, own)) && !(own && fits(own, value, takes))) {
      stranded.set(owner.key, [...stranded.get(owner.key) ?? [], key]);
    } else owner = undefined;
  }
  return stranded;
}

/** Keys of a section that stand beside it, or whose section has no line above them. */
export interface HeadlessKeys {
  readonly section: string;
  readonly isThere: boolean;
  readonly keys: readonly string[];
}

/** Unknown keys of a mapping that belong together below one of its sections: `test` and `retries` to `healthcheck`. */
export function headlessKeys(map: MapNode, schema: MapSchema): HeadlessKeys | undefined {
  if (schema.open || schema.others) return undefined;
  const unknown = [...map.entries.keys()].filter((key) => !Object.hasOwn(schema.keys, key));
  const sections = Object.entries(schema.keys).map(([section, below]): HeadlessKeys => ({
    section,
    isThere: map.entries.has(section),
    keys: unknown.filter((key) => mapSchemas(below).some(({ keys }) => Object.hasOwn(keys, key))),
  }));
  const [most] = sections.sort((a, b) => b.keys.length - a.keys.length || Number(b.isThere) - Number(a.isThere));
  return most && most.keys.length > 1 ? most : undefined;
}

function schemaOf(schema: MapSchema, key: string): Schema | undefined {
  if (Object.hasOwn(schema.keys, key)) return schema.keys[key];
  return schema.othersPattern?.test(key) ?? true ? schema.others : undefined;
}

/** Whether a key belongs below: by its name, or as a name of the operator's choice that is none here. */
function hasKey({ keys, others }: MapSchema, key: string, here: Schema | undefined): boolean {
  return Object.hasOwn(keys, key) || others !== undefined && here === undefined && !key.startsWith("x-");
}

function mapSchemas(schema: Schema): readonly MapSchema[] {
  if (schema.kind === "map") return [schema];
  return schema.kind === "either" ? schema.of.flatMap(mapSchemas) : [];
}

/** A mapping fits where at least one of its keys is known. */
function fits(schema: Schema, node: Node, takes: (schema: Schema, node: Node) => boolean): boolean {
  if (!takes(schema, node)) return false;
  if (node.kind !== "map" || node.entries.size === 0) return true;
  return mapSchemas(schema).some(({ keys, others }) =>
    others !== undefined || [...node.entries.keys()].some((key) => Object.hasOwn(keys, key))
  );
}
