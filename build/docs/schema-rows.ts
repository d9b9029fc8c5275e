import { parse, stringify } from "yaml";
import * as z from "zod";

/** One key of a YAML file, as its schema has it. */
export interface KeyRow {
  /** `deployments[].name`, `services.NAME.desired`. */
  readonly path: string;
  /** What a value has to be, in the words of the issue that refuses another one. */
  readonly needed: string;
  readonly required: boolean;
  /** As it would be written; undefined when there is none. */
  readonly default?: string;
  readonly description: string;
  /** The design has the key, this version refuses it. */
  readonly isBuilt: boolean;
  /** Values that the design has and this version refuses. */
  readonly laterValues: readonly string[];
  /** Other keys stand below it. */
  readonly isParent: boolean;
}

/** Every key that a schema knows, parents before their children, in the schema's order. */
export function schemaRows(schema: z.ZodType): readonly KeyRow[] {
  return [...new Map(below(schema, "").map((row) => [row.path, row])).values()];
}

/** The value that an example document has at a row's path, in one line of YAML; undefined when it has none. */
export function exampleOf(path: string, document: string): string | undefined {
  const value = valueAt(parse(document), path.split(/\.|(?=\[)/));
  if (value === undefined) return undefined;
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

function below(schema: z.ZodType, path: string): KeyRow[] {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape as Readonly<Record<string, z.ZodType>>).flatMap(([key, value]) => {
      const own = path === "" ? key : `${path}.${key}`;
      const children = below(value, own);
      return [rowOf(value, own, children.length > 0), ...children];
    });
  }
  if (inner instanceof z.ZodArray) return below(inner.element as z.ZodType, `${path}[]`);
  if (inner instanceof z.ZodRecord) return below(inner.valueType as z.ZodType, `${path}.NAME`);
  if (inner instanceof z.ZodUnion) {
    const options = inner.options as readonly z.ZodType[];
    // A key that takes one or a list of them is described once, as the list.
    const lists = options.filter((option) => unwrap(option).inner instanceof z.ZodArray);
    return (lists.length > 0 ? lists : options).flatMap((option) => below(option, path));
  }
  return [];
}

function rowOf(schema: z.ZodType, path: string, isParent: boolean): KeyRow {
  const { inner, isOptional, preset } = unwrap(schema);
  const isBuilt = !(inner instanceof z.ZodNever);
  const needed = isBuilt ? `${neededBy(inner)}${ofEach(inner)}` : "";
  const later = inner.meta()?.["later"];
  return {
    path,
    needed,
    required: !isOptional && preset === undefined,
    ...(preset === undefined || isEmpty(preset) ? {} : { default: shown(preset, needed) }),
    description: (schema.description ?? inner.description ?? "").replace(/ ?\(Not supported yet\.\)$/, ""),
    isBuilt,
    laterValues: Array.isArray(later) ? later.map(String) : [],
    isParent,
  };
}

interface Unwrapped {
  readonly inner: z.ZodType;
  readonly isOptional: boolean;
  readonly preset: unknown;
}

/** A schema without what only says whether a value has to be there, and without transforms. */
function unwrap(schema: z.ZodType): Unwrapped {
  if (schema instanceof z.ZodOptional) return { ...unwrap(schema.unwrap() as z.ZodType), isOptional: true };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { ...unwrap(schema.unwrap() as z.ZodType), preset: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  return { inner: schema, isOptional: false, preset: undefined };
}

/** What an issue says that a value has to be. */
function neededBy(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject) return "a mapping";
  const refused = schema.safeParse(Symbol("no value of a YAML file"));
  const message = refused.error?.issues[0]?.message ?? "";
  if (!message.startsWith("Invalid")) return message;
  if (schema instanceof z.ZodArray) return "a list";
  return schema instanceof z.ZodRecord ? "a mapping" : "text";
}

/** What each item of a list or mapping has to be, where no row of its own says it. */
function ofEach(schema: z.ZodType): string {
  const item = schema instanceof z.ZodArray
    ? schema.element
    : schema instanceof z.ZodRecord
    ? schema.valueType
    : undefined;
  if (item === undefined) return "";
  const { inner } = unwrap(item as z.ZodType);
  return inner instanceof z.ZodObject ? "" : `; each ${neededBy(inner)}`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** A default as it would be written: durations are milliseconds behind the schema. */
function shown(value: unknown, needed: string): string {
  if (typeof value !== "number" || !needed.startsWith("a duration")) {
    return stringify(value, { collectionStyle: "flow" }).trim();
  }
  return value % 60_000 === 0 ? `${value / 60_000}m` : value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`;
}

function valueAt(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return value;
  if (value === null || typeof value !== "object") return undefined;
  const candidates = part === "[]" || part === "NAME"
    ? Object.values(value)
    : [(value as Record<string, unknown>)[part]];
  return candidates.map((candidate) => valueAt(candidate, rest)).find((found) => found !== undefined);
}
