import { compareText } from "../model/issue.ts";
import { parseFloatText, parseIntText, shortestFloat32 } from "./numbers.ts";
import {
  boolFrom,
  entry,
  floatFrom,
  intFrom,
  isNull,
  isText,
  listFrom,
  mapFrom,
  type Node,
  nullFrom,
  type ScalarNode,
  textFrom,
} from "./node.ts";
import { scalarText } from "./scalar-text.ts";
import { splitWords } from "./shell-words.ts";
import { formatDuration, parseBytes, parseDuration } from "./units.ts";

/** Reports what the value should be; returns undefined, so that encoders can return its result. */
export type Fail = (problem: string, culprit?: Node, hint?: string) => undefined;

/** One value type of Compose: the canonical node, or undefined when it is left out or was reported. */
export type Encoder = (node: Node, fail: Fail) => Node | undefined;

export function encodeText(node: Node, keep: boolean, fail: Fail): Node | undefined {
  if (isNull(node)) return keep ? textFrom(node, "") : undefined;
  const text = plainText(node);
  if (text === undefined) return fail("text");
  return text === "" && !keep ? undefined : textFrom(node, text);
}

/** Text, or a whole number as text; Compose takes no boolean and no fraction for text. */
function plainText(node: Node): string | undefined {
  return node.kind === "scalar" && (node.type === "string" || node.type === "int") ? scalarText(node) : undefined;
}

export function encodeFlag(
  node: Node,
  options: { readonly keep: boolean; readonly read: (text: string) => boolean | undefined },
  fail: Fail,
): Node | undefined {
  if (isNull(node)) return undefined;
  const value = node.kind !== "scalar"
    ? undefined
    : node.type === "bool"
    ? Boolean(node.value)
    : node.type === "string"
    ? options.read(String(node.value))
    : undefined;
  if (value === undefined) return fail("true or false");
  return value || options.keep ? boolFrom(node, value) : undefined;
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
  if (value === undefined) return fail("a whole number");
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
  if (value === undefined) return fail("a number");
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

export const encodeCommand: Encoder = (node, fail) => {
  if (isNull(node)) return node;
  if (node.kind === "list") return encodeItems(node, fail, isText, "a list of texts");
  if (!isText(node)) return fail("text or a list of texts");
  const words = splitWords(node.value);
  if (!words) return fail("a command that can be split", node, "close every quote, or write the command as a list");
  return listFrom(node, words.map((word) => textFrom(node, word)));
};

/** @param accepts what an item may be; others are reported */
function encodeItems(
  node: Node & { kind: "list" },
  fail: Fail,
  accepts: (item: Node) => boolean,
  expected: string,
): Node | undefined {
  const items: Node[] = [];
  for (const item of node.items) {
    if (item.kind === "broken") continue;
    if (!accepts(item)) return fail(expected, item);
    items.push(item);
  }
  return listFrom(node, items);
}

export const encodeTexts: Encoder = (node, fail) => textList(node, plainText, fail);

export const encodeAnyTexts: Encoder = (node, fail) => textList(node, scalarText, fail);

function textList(node: Node, textOf: (item: Node) => string | undefined, fail: Fail): Node | undefined {
  if (isNull(node)) return undefined;
  const list = isText(node) ? listFrom(node, [node]) : node;
  if (list.kind !== "list") return fail("a list of texts");
  const items: Node[] = [];
  for (const item of list.items) {
    if (item.kind === "broken") continue;
    const text = isNull(item) ? "" : textOf(item);
    if (text === undefined) return fail("a list of texts", item);
    items.push(textFrom(item, text));
  }
  return items.length === 0 ? undefined : { ...list, items };
}

export const encodeTextMap: Encoder = (node, fail) => {
  if (node.kind !== "map") return isNull(node) ? undefined : fail("a mapping");
  const entries: [string, Node][] = [];
  for (const [key, value] of [...node.entries].sort(([a], [b]) => compareText(a, b))) {
    if (value.kind === "broken") continue;
    const text = isNull(value) ? "" : plainText(value);
    if (text === undefined) return fail("a mapping of texts", value);
    entries.push([key, textFrom(value, text)]);
  }
  return entries.length === 0 ? undefined : mapFrom(node, entries);
};

/** What stands before and behind the first `=`; the value is undefined without one. */
function cut(text: string): readonly [string, string | undefined] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Key and value nodes of a mapping or a `key=value` list, sorted by key. A value of undefined was not written. */
function keyValues(node: Node, fail: Fail): readonly (readonly [string, Node, string | undefined])[] | undefined {
  const pairs = new Map<string, readonly [string, Node, string | undefined]>();
  if (node.kind === "map") {
    for (const [key, value] of node.entries) {
      if (value.kind === "broken") continue;
      if (value.kind !== "scalar") return fail("a mapping of texts", value);
      pairs.set(key, [key, value, scalarText(value)]);
    }
  } else if (node.kind === "list") {
    for (const item of node.items) {
      if (item.kind === "broken") continue;
      const [key, value] = cut(scalarText(item) ?? "");
      pairs.set(key, [key, { keyPlace: item.place, ...item }, value]);
    }
  } else return fail("a mapping or a list of key=value");
  return [...pairs.values()].sort(([a], [b]) => compareText(a, b));
}

export const encodeLabels: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const pairs = keyValues(node, fail);
  if (!pairs || pairs.length === 0) return undefined;
  return mapFrom(node, pairs.map(([key, from, value]) => [key, textFrom(from, value ?? "")]));
};

export const encodeEnvironment: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const pairs = keyValues(node, fail);
  if (!pairs || pairs.length === 0) return undefined;
  const entries: [string, Node][] = [];
  for (const [key, from, value] of pairs) {
    if (node.kind === "list" && /\s$/.test(key)) {
      return fail("a variable", from, "take the space before = away");
    }
    entries.push([key, value === undefined ? nullFrom(from) : textFrom(from, value)]);
  }
  return mapFrom(node, entries);
};

export const encodeOptions: Encoder = (node, fail) =>
  node.kind === "list" ? fail("a mapping") : encodeLabels(node, fail);

export const encodeMultiOptions: Encoder = (node, fail) => {
  if (node.kind !== "map") return isNull(node) ? undefined : fail("a mapping");
  const entries: [string, Node][] = [];
  for (const [key, value] of [...node.entries].sort(([a], [b]) => compareText(a, b))) {
    const items = value.kind === "list" ? value.items : [value];
    entries.push([key, listFrom(value, items.map((item) => textFrom(item, scalarText(item) ?? "")))]);
  }
  return entries.length === 0 ? undefined : mapFrom(node, entries);
};

export const encodeHosts: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const hosts: [string, Node, string][] = [];
  if (node.kind === "map") {
    for (const [host, value] of node.entries) {
      const items = value.kind === "list" ? value.items : [value];
      for (const item of items) hosts.push([host, item, scalarText(item) ?? ""]);
    }
  } else if (node.kind === "list") {
    for (const item of node.items) {
      if (item.kind === "broken") continue;
      const text = scalarText(item) ?? "";
      const separator = text.includes("=") ? "=" : ":";
      const at = text.indexOf(separator);
      if (at === -1) return fail("a host with its address", item, "write host=address");
      for (const address of text.slice(at + 1).split(",")) hosts.push([text.slice(0, at), item, address]);
    }
  } else return fail("a mapping or a list of host=address");
  const items: Node[] = [];
  for (const [host, from, address] of hosts) {
    if (host === "" || /[:=]/.test(host)) return fail("a host name", from, "write host=address");
    items.push(textFrom(from, `${host}=${address.replace(/^\[(.+)\]$/, "$1")}`));
  }
  items.sort((a, b) => compareText(scalarText(a) ?? "", scalarText(b) ?? ""));
  // Compose prints a host without addresses as an empty list
  const named = node.kind === "map" ? node.entries.size > 0 : items.length > 0;
  return named ? listFrom(node, items) : undefined;
};

export const encodeHealthTest: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  if (isText(node)) return listFrom(node, [textFrom(node, "CMD-SHELL"), node]);
  if (node.kind !== "list") return fail("text or a list of texts");
  const list = encodeItems(node, fail, isText, "a list of texts");
  return list?.kind === "list" && list.items.length > 0 ? list : undefined;
};

export const encodeDeviceCount: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  const text = scalarText(node) ?? "";
  const value = text.toLowerCase() === "all" ? -1 : parseIntText(text);
  if (value === undefined) return fail('"all" or a number');
  return value === 0 ? undefined : intFrom(node, value);
};

export const encodeUlimit: Encoder = (node, fail) => {
  const intOf = (value: Node): number | undefined =>
    value.kind === "scalar" && value.type === "int" ? Number(value.value) : undefined;
  if (node.kind !== "map") {
    const value = intOf(node);
    if (value === undefined) return fail("a whole number");
    return value === 0 ? mapFrom(node, []) : intFrom(node, value);
  }
  const entries: [string, Node][] = [];
  for (const key of ["soft", "hard"]) {
    const limit = entry(node, key);
    if (!limit || limit.kind === "broken") continue;
    const value = intOf(limit);
    if (value === undefined) return fail("a whole number", limit);
    if (value !== 0) entries.push([key, intFrom(limit, value)]);
  }
  return mapFrom(node, entries);
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

export const encodeEnvFile: Encoder = (node, fail) => {
  const path = entry(node, "path");
  if (node.kind !== "map" || !isText(path)) return fail("a path or a mapping with `path`");
  return node;
};

export const encodeSsh: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  if (node.kind !== "map") return fail("a mapping or a list");
  const items: Node[] = [];
  for (const [id, path] of [...node.entries].sort(([a], [b]) => compareText(a, b))) {
    const text = scalarText(path) ?? "";
    items.push(textFrom(path as ScalarNode, text === "" ? id : `${id}=${text}`));
  }
  return items.length === 0 ? undefined : listFrom(node, items);
};
