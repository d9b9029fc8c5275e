import type { Json } from "../../model/compose.ts";

/** Reads values of the canonical model, whose types the loader has made sure of. */
export type Fields = { readonly [key: string]: Json };

const none: Fields = {};

/** A mapping; an empty one for any other value. */
export function fieldsOf(value: Json | undefined): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value as Fields : none;
}

/** undefined for what is no text; likewise below. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function flagOf(value: Json | undefined): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** An empty list for what is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value as readonly Json[] : [];
}

/** The items of a list that are texts. */
export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === "string");
}

/** Sizes are texts of digits in the model. */
export function bytesOf(value: Json | undefined): number | undefined {
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** The entries of a mapping that are texts. */
export function textMapOf(value: Json | undefined): Record<string, string> {
  const entries = Object.entries(fieldsOf(value)).filter((pair): pair is [string, string] =>
    typeof pair[1] === "string"
  );
  return Object.fromEntries(entries);
}

/** The value without keys that are undefined: what is not said must not stand in a spec. */
export function said<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
