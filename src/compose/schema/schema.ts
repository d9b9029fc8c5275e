/** What may be written under a key. Made of plain data, so that documentation can print it. */
export type Schema =
  | { readonly kind: "any" }
  | {
    readonly kind: "scalar";
    readonly types: readonly ScalarKind[];
    readonly minimum?: number;
    readonly maximum?: number;
    readonly oneOf?: readonly string[];
    readonly pattern?: RegExp;
    /** What `pattern` means, for the message. */
    readonly expected?: string;
    /** Values that `pattern` takes, for a misspelled one. */
    readonly known?: readonly string[];
  }
  | { readonly kind: "list"; readonly of: Schema; readonly unique?: boolean }
  | MapSchema
  | { readonly kind: "either"; readonly of: readonly Schema[] };

export interface MapSchema {
  readonly kind: "map";
  readonly keys: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** What keys of the operator's choice hold. */
  readonly others?: Schema;
  /** What such keys look like. */
  readonly othersPattern?: RegExp;
  /** Keys that are neither in `keys` nor match are allowed (Compose checks them nowhere). */
  readonly open?: boolean;
  /** `x-…` keys are allowed. */
  readonly extensions?: boolean;
}

export type ScalarKind = "string" | "integer" | "number" | "boolean" | "null";

export const any: Schema = { kind: "any" };
export const text: Schema = scalar("string");
export const nothing: Schema = scalar("null");
export const integer: Schema = scalar("integer");
export const flag: Schema = scalar("boolean", "string");
export const integerOrText: Schema = scalar("integer", "string");
export const numberOrText: Schema = scalar("number", "string");

/** A scalar of one of these types. */
export function scalar(...types: readonly ScalarKind[]): Schema & { readonly kind: "scalar" } {
  return { kind: "scalar", types };
}

/** One of these texts. */
export function oneOf(...values: readonly string[]): Schema {
  return { ...scalar("string"), oneOf: values };
}

/** A list of items of one kind. */
export function list(of: Schema): Schema {
  return { kind: "list", of };
}

/** A list in which nothing stands twice. */
export function uniqueList(of: Schema): Schema {
  return { kind: "list", of, unique: true };
}

/** What any of these take; the first one that fits checks it. */
export function either(...of: readonly Schema[]): Schema {
  return { kind: "either", of };
}

/** A mapping of fixed keys and `x-…`. */
export function object(keys: Readonly<Record<string, Schema>>, required: readonly string[] = []): MapSchema {
  return { kind: "map", keys, required, extensions: true };
}

/** As `object`, without `x-…`. */
export function strictObject(keys: Readonly<Record<string, Schema>>, required: readonly string[] = []): MapSchema {
  return { kind: "map", keys, required };
}

/** A mapping whose keys are the operator's. */
export function mapOf(others: Schema, othersPattern?: RegExp): MapSchema {
  return { kind: "map", keys: {}, others, ...(othersPattern && { othersPattern }) };
}

export const texts = uniqueList(text);
export const textOrList = either(text, texts);
export const listOrMap = either(mapOf(scalar("string", "number", "boolean", "null"), /./s), texts);
export const textsOrNumbers = scalar("string", "number");
export const extraHosts = either(mapOf(either(text, list(text))), texts);
export const command = either(nothing, text, list(text));
/** Names of services, networks, volumes, configs and secrets. */
export const resourceKey = /^[a-zA-Z0-9._-]+$/;
