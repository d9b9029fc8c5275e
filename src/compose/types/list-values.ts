import { compareText } from "../../model/issue.ts";
import {
  entry,
  intFrom,
  isNull,
  isText,
  listFrom,
  mapFrom,
  type Node,
  nullFrom,
  type ScalarNode,
  textFrom,
  withEntries,
} from "../tree/node.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { splitWords } from "./shell-words.ts";
import { encodeFlag, type Encoder, type Fail, plainText } from "./values.ts";

/** What each encoder is for is said at the kind of its shape, in `shape.ts`. */
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
    items.push(textFrom(from, `${host}=${withoutBrackets(address)}`));
  }
  items.sort((a, b) => compareText(scalarText(a) ?? "", scalarText(b) ?? ""));
  // Compose prints a host without addresses as an empty list
  const named = node.kind === "map" ? node.entries.size > 0 : items.length > 0;
  return named ? listFrom(node, items) : undefined;
};

/** `::1` for `[::1]`. */
function withoutBrackets(address: string): string {
  return address.replace(/^\[(.+)\]$/, "$1");
}

export const encodeHealthTest: Encoder = (node, fail) => {
  if (isNull(node)) return undefined;
  if (isText(node)) return listFrom(node, [textFrom(node, "CMD-SHELL"), node]);
  if (node.kind !== "list") return fail("text or a list of texts");
  const list = encodeItems(node, fail, isText, "a list of texts");
  return list?.kind === "list" && list.items.length > 0 ? list : undefined;
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

export const encodeEnvFile: Encoder = (node, fail) => {
  const path = entry(node, "path");
  const required = entry(node, "required");
  if (path?.kind === "broken" || required?.kind === "broken") return undefined;
  if (node.kind !== "map" || !isText(path)) return fail("a path or a mapping with `path`");
  if (!required) return node;
  const flag = encodeFlag(required, true, (problem) => fail(problem, required));
  return flag && withEntries(node, { required: flag });
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
