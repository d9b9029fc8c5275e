import { parseFloatText, parseIntText, shortestFloat32 } from "./numbers.ts";
import { boolFrom, floatFrom, intFrom, isNull, type Node, textFrom } from "../tree/node.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { parseDuration } from "../../model/units.ts";
import { parseBoolText } from "./truth.ts";
import { formatDuration, parseBytes } from "./units.ts";

/** Reports what the value should be; returns undefined, so that encoders can return its result. */
export type Fail = (problem: string, culprit?: Node, hint?: string) => undefined;

/** One value type of Compose: the canonical node, or undefined when it is left out or was reported. */
export type Encoder = (node: Node, fail: Fail) => Node | undefined;

/** As `list-values.ts`: `shape.ts` says what each of these encoders is for. */
export function encodeText(node: Node, keep: boolean, fail: Fail): Node | undefined {
  if (isNull(node)) return keep ? textFrom(node, "") : undefined;
  const text = plainText(node);
  if (text === undefined) return fail("text");
  return text === "" && !keep ? undefined : textFrom(node, text);
}

/** Text, or a whole number as text; Compose takes no boolean and no fraction for text. */
export function plainText(node: Node): string | undefined {
  return node.kind === "scalar" && (node.type === "string" || node.type === "int") ? scalarText(node) : undefined;
}

export function encodeFlag(node: Node, keep: boolean, fail: Fail): Node | undefined {
  if (isNull(node)) return undefined;
  const value = node.kind !== "scalar"
    ? undefined
    : node.type === "bool"
    ? Boolean(node.value)
    : node.type === "string"
    ? parseBoolText(String(node.value))
    : undefined;
  if (value === undefined) return fail("true or false");
  return value || keep ? boolFrom(node, value) : undefined;
}

export function encodeInt(
  node: Node,
  options: { readonly keep: boolean; readonly texts: boolean; readonly unsigned: boolean },
  fail: Fail,
): Node | undefined {
  if (isNull(node)) return undefined;
  const value = node.kind !== "scalar"
    ? undefined
    : node.type === "int" || node.type === "float"
    ? Math.trunc(Number(node.value))
    : node.type === "string" && options.texts
    ? parseIntText(String(node.value))
    : undefined;
  if (value === undefined || !Number.isFinite(value)) return fail("a whole number");
  if (options.unsigned && value < 0) return fail("0 or more");
  return value !== 0 || options.keep ? intFrom(node, value) : undefined;
}

export const encodeFloat: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const value = node.kind !== "scalar"
    ? undefined
    : node.type === "int" || node.type === "float"
    ? Number(node.value)
    : node.type === "string"
    ? parseFloatText(String(node.value))
    : undefined;
  if (value === undefined || !Number.isFinite(value)) return fail("a number", node, "write a number such as 0.5");
  return value === 0 ? undefined : floatFrom(node, shortestFloat32(value));
};

export function encodeBytes(node: Node, keep: boolean, fail: Fail): Node | undefined {
  const value = node.kind !== "scalar"
    ? undefined
    : node.type === "int"
    ? Number(node.value)
    : node.type === "string"
    ? parseBytes(String(node.value))
    : 0; // Compose takes a fraction, or nothing, for "not said"
  if (value === undefined) return fail("a size", node, "write a size such as 512m, 2g or a number of bytes");
  return value !== 0 || keep ? textFrom(node, String(value)) : undefined;
}

export function encodeDuration(node: Node, keep: boolean, fail: Fail): Node | undefined {
  if (isNull(node)) return undefined;
  const value = parseDuration(scalarText(node) ?? "");
  if (value === undefined) {
    return fail("a duration", node, "write a duration with its unit, such as 90s, 1m30s or 100ms");
  }
  return value !== 0n || keep ? textFrom(node, formatDuration(value)) : undefined;
}

export const encodeDeviceCount: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const text = scalarText(node) ?? "";
  const value = text.toLowerCase() === "all" ? -1 : parseIntText(text);
  if (value === undefined) return fail('"all" or a number');
  return value === 0 ? undefined : intFrom(node, value);
};

export const encodeFileMode: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const bits = node.kind !== "scalar"
    ? undefined
    : node.type === "int"
    ? Number(node.value)
    : node.type === "string" && /^[-+]?[0-7]+$/.test(String(node.value))
    ? parseInt(String(node.value), 8)
    : undefined;
  return bits === undefined
    ? fail("permission bits", node, 'write octal permission bits, such as "0440"')
    : textFrom(node, `0${bits.toString(8)}`);
};
