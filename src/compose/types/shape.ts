/**
 * How Compose prints a value: which type it becomes, in which order the keys of a mapping stand (the config-hash is made
 * of that order), and what is left out. Everything is left out when it is empty, unless its shape says otherwise.
 */
export type Shape =
  | { readonly kind: "text"; readonly keep?: boolean }
  /** `keep`: false is printed too, where Compose tells "false" from "not said". */
  | { readonly kind: "flag"; readonly keep?: boolean }
  /** `texts`: a text of digits is read too. */
  | { readonly kind: "int"; readonly keep?: boolean; readonly texts?: boolean; readonly unsigned?: boolean }
  | { readonly kind: "float" }
  /** `512m` → "536870912". */
  | { readonly kind: "bytes"; readonly keep?: boolean }
  /** `90s` → "1m30s". */
  | { readonly kind: "duration"; readonly keep?: boolean }
  /** A text is split as a shell would; null is printed. */
  | { readonly kind: "command"; readonly printNull?: boolean }
  | { readonly kind: "texts" }
  /** As `texts`, fractions and truth values too. */
  | { readonly kind: "any-texts" }
  /** A mapping to texts and whole numbers. */
  | { readonly kind: "text-map" }
  /** A mapping or `key=value` list to texts; without a value: empty text. */
  | { readonly kind: "labels" }
  /** The same; without a value: null. */
  | { readonly kind: "environment" }
  | { readonly kind: "options" }
  | { readonly kind: "multi-options" }
  | { readonly kind: "hosts" }
  | { readonly kind: "health-test" }
  | { readonly kind: "device-count" }
  | { readonly kind: "ulimit" }
  | { readonly kind: "file-mode" }
  | { readonly kind: "env-file" }
  | { readonly kind: "ssh" }
  | { readonly kind: "cpus" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | StructShape;

export interface StructShape {
  readonly kind: "struct";
  readonly fields: Readonly<Record<string, Shape>>;
  /** Printed when it is not said too, as an empty mapping. */
  readonly always?: boolean;
  /** Every field is printed, empty ones too. */
  readonly complete?: boolean;
  /** Names that JSON has otherwise than they are written. */
  readonly names?: Readonly<Record<string, string>>;
  /** Compose forgets `x-…` here. */
  readonly extensions?: "forgotten";
}

export const text: Shape = { kind: "text" };
export const flag: Shape = { kind: "flag" };
export const optionalFlag: Shape = { kind: "flag", keep: true };
export const int: Shape = { kind: "int", texts: true };
/** Compose reads no text here. */
export const plainInt: Shape = { kind: "int", unsigned: true };
export const unsignedInt: Shape = { kind: "int", texts: true, unsigned: true };
export const optionalUnsignedInt: Shape = { kind: "int", keep: true, texts: true, unsigned: true };
export const optionalInt: Shape = { kind: "int", keep: true, texts: true };
export const float: Shape = { kind: "float" };
export const bytes: Shape = { kind: "bytes" };
export const duration: Shape = { kind: "duration" };
export const optionalDuration: Shape = { kind: "duration", keep: true };
export const texts: Shape = { kind: "texts" };
export const labels: Shape = { kind: "labels" };
export const environment: Shape = { kind: "environment" };
export const options: Shape = { kind: "options" };

export function list(of: Shape): Shape {
  return { kind: "list", of };
}

export function map(of: Shape): Shape {
  return { kind: "map", of };
}

export function struct(fields: Readonly<Record<string, Shape>>, more: Partial<StructShape> = {}): StructShape {
  return { kind: "struct", fields, ...more };
}
