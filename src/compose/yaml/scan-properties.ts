import type { Cursor } from "./cursor.ts";
import { type Token, YamlProblem } from "./token.ts";

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor): Token {
  const { offset } = cursor;
  const kind = cursor.at("*") ? "alias" : "anchor";
  cursor.skip();
  const name = cursor.takeName();
  if (name === "" || !cursor.atBlankOrEnd() && !"?:,]}%@`".includes(cursor.text.charAt(cursor.offset))) {
    throw new YamlProblem("anchor name", offset);
  }
  return { kind, offset, name };
}

/** `!suffix`, `!!suffix`, `!x!suffix`, `!<uri>` or `!`. */
export function scanTag(cursor: Cursor): Token {
  const { offset } = cursor;
  const token = cursor.at("!<") ? scanVerbatimTag(cursor) : scanShortTag(cursor);
  if (!cursor.atBlankOrEnd()) throw new YamlProblem("tag", offset);
  return token;
}

function scanVerbatimTag(cursor: Cursor): Token {
  const { offset } = cursor;
  cursor.skip(2);
  const suffix = takeUri(cursor, offset);
  if (suffix === "" || !cursor.at(">")) throw new YamlProblem("tag", offset);
  cursor.skip();
  return { kind: "tag", offset, handle: "", suffix };
}

function scanShortTag(cursor: Cursor): Token {
  const { offset } = cursor;
  const handle = takeHandle(cursor);
  if (handle.length > 1 && handle.endsWith("!")) {
    const suffix = takeUri(cursor, offset);
    if (suffix === "") throw new YamlProblem("tag", offset);
    return { kind: "tag", offset, handle, suffix };
  }
  const suffix = handle.slice(1) + takeUri(cursor, offset);
  return suffix === ""
    ? { kind: "tag", offset, handle: "", suffix: "!" }
    : { kind: "tag", offset, handle: "!", suffix };
}

function takeHandle(cursor: Cursor): string {
  cursor.skip();
  const name = cursor.takeName();
  if (!cursor.at("!")) return `!${name}`;
  cursor.skip();
  return `!${name}!`;
}

/** @param tag offset of the tag or directive that it belongs to */
function takeUri(cursor: Cursor, tag: number): string {
  const uri = /(?:[\w;/?:@&=+$,.!~*'()[\]-]|%[0-9a-fA-F]{2})*/y;
  uri.lastIndex = cursor.offset;
  const [text] = uri.exec(cursor.text)!;
  cursor.skip(text.length);
  try {
    return decodeURIComponent(text);
  } catch {
    throw new YamlProblem("tag", tag);
  }
}

/** `%YAML 1.1` or `%TAG !x! prefix`. Any other directive is refused. */
export function scanDirective(cursor: Cursor): Token {
  const { offset } = cursor;
  cursor.skip();
  const name = cursor.takeName();
  const token = cursor.atBlankOrEnd() ? scanDirectiveValue(cursor, { name, offset }) : undefined;
  cursor.skipBlanks();
  if (cursor.at("#")) cursor.takeLine();
  if (!token || !cursor.atBreakOrEnd()) throw new YamlProblem("directive", offset);
  if (!cursor.atEnd()) cursor.skipBreak();
  return token;
}

function scanDirectiveValue(cursor: Cursor, { name, offset }: { name: string; offset: number }): Token | undefined {
  cursor.skipBlanks();
  if (name === "YAML") {
    const number = /\d{1,2}\.\d{1,2}/y;
    number.lastIndex = cursor.offset;
    const [version] = number.exec(cursor.text) ?? [];
    if (!version) return undefined;
    cursor.skip(version.length);
    return { kind: "version directive", offset, version };
  }
  if (name !== "TAG" || !cursor.at("!")) return undefined;
  const handle = takeHandle(cursor);
  if (!handle.endsWith("!") || !cursor.atBlank()) return undefined;
  cursor.skipBlanks();
  const prefix = takeUri(cursor, offset);
  return prefix === "" || !cursor.atBlankOrEnd() ? undefined : { kind: "tag directive", offset, handle, prefix };
}
