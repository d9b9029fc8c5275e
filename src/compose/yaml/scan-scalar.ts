import type { Cursor } from "./cursor.ts";
import { type ScalarToken, YamlProblem } from "./token.ts";

/** What of the surroundings decides where a scalar ends. */
export interface ScalarContext {
  /** Column of the block collection that the scalar stands in; -1 at the top. */
  readonly indent: number;
  readonly inFlow: boolean;
}

/** A scalar, and whether it went over a line's end: then a key may follow. */
export interface ScannedPlain {
  readonly token: ScalarToken;
  readonly overLines: boolean;
}

/** A plain scalar: up to `: `, ` #`, in flow collections a bracket or comma, or a line that is not indented further. */
export function scanPlain(cursor: Cursor, { indent, inFlow }: ScalarContext): ScannedPlain {
  const { offset, text } = cursor;
  let value = "";
  let gap = "";
  let end = offset;
  let overLines = false;
  while (!cursor.atDocumentMark() && !cursor.at("#")) {
    const start = cursor.offset;
    while (!cursor.atBlankOrEnd() && !endsPlain(cursor, inFlow)) cursor.skip();
    if (cursor.offset > start) {
      value += gap + text.slice(start, cursor.offset);
      end = cursor.offset;
      overLines = false;
    }
    if (!cursor.atBlank() && !cursor.atBreak()) break;
    const folded = skipPlainGap(cursor, { indent, offset });
    gap = folded.gap;
    overLines = folded.overLines;
    if (!inFlow && cursor.column <= indent) break;
  }
  return { token: { kind: "scalar", offset, end, style: "plain", value }, overLines };
}

const colon = 0x3a;
const flowEnds = new Set([..."?,[]{}"].map((character) => character.charCodeAt(0)));

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code();
  return code === colon && cursor.atBlankOrEnd(1) || inFlow && flowEnds.has(code);
}

/** The blanks and line ends between two words: spaces stay, one line end is a space, more are themselves. */
function skipPlainGap(cursor: Cursor, { indent, offset }: { indent: number; offset: number }) {
  const start = cursor.offset;
  cursor.skipBlanks();
  if (!cursor.atBreak()) return { gap: cursor.text.slice(start, cursor.offset), overLines: false };
  const breaks = [cursor.skipBreak()];
  while (cursor.atBlank() || cursor.atBreak()) {
    if (cursor.atBreak()) breaks.push(cursor.skipBreak());
    else if (cursor.column <= indent && cursor.at("\t")) throw new YamlProblem("plain tab", cursor.offset, offset);
    else cursor.skip();
  }
  return { gap: foldBreaks(breaks), overLines: true };
}

function foldBreaks([first = "", ...more]: readonly string[]): string {
  if (first !== "\n") return first + more.join("");
  return more.length === 0 ? " " : more.join("");
}

/** A scalar in quotes. Its lines may be indented at will. */
export function scanQuoted(cursor: Cursor): ScalarToken {
  const { offset } = cursor;
  const single = cursor.at("'");
  const quote = single ? "'" : '"';
  let value = "";
  cursor.skip();
  for (;;) {
    if (cursor.atDocumentMark() || cursor.atEnd()) throw new YamlProblem("quote not closed", cursor.offset, offset);
    const { words, escapedBreak } = takeQuotedWords(cursor, { single, offset });
    value += words;
    if (cursor.at(quote)) break;
    value += skipQuotedGap(cursor, escapedBreak);
  }
  cursor.skip();
  return { kind: "scalar", offset, end: cursor.offset, style: single ? "single" : "double", value };
}

function takeQuotedWords(cursor: Cursor, { single, offset }: { single: boolean; offset: number }) {
  let words = "";
  let start = cursor.offset;
  while (!cursor.atBlankOrEnd()) {
    if (single && cursor.at("''")) {
      words += cursor.text.slice(start, cursor.offset + 1);
      cursor.skip(2);
      start = cursor.offset;
    } else if (cursor.at(single ? "'" : '"')) break;
    else if (!single && cursor.at("\\")) {
      words += cursor.text.slice(start, cursor.offset);
      if (cursor.atBreak(1)) {
        cursor.skip();
        cursor.skipBreak();
        return { words, escapedBreak: true };
      }
      words += takeEscape(cursor, offset);
      start = cursor.offset;
    } else cursor.skip();
  }
  return { words: words + cursor.text.slice(start, cursor.offset), escapedBreak: false };
}

/** @param escaped whether a backslash took the first line end away */
function skipQuotedGap(cursor: Cursor, escaped: boolean): string {
  const start = cursor.offset;
  cursor.skipBlanks();
  if (!escaped && !cursor.atBreak()) return cursor.text.slice(start, cursor.offset);
  const breaks = escaped ? [] : [cursor.skipBreak()];
  for (; cursor.atBlank() || cursor.atBreak();) {
    if (cursor.atBreak()) breaks.push(cursor.skipBreak());
    else cursor.skip();
  }
  return escaped ? breaks.join("") : foldBreaks(breaks);
}

const escapes = new Map(Object.entries({
  0: "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
}));
const codeLengths = new Map([["x", 2], ["u", 4], ["U", 8]]);

function takeEscape(cursor: Cursor, scalar: number): string {
  const at = cursor.offset;
  const letter = cursor.text.charAt(at + 1);
  const simple = escapes.get(letter);
  if (simple !== undefined) {
    cursor.skip(2);
    return simple;
  }
  const length = codeLengths.get(letter);
  if (!length) throw new YamlProblem("escape", at, scalar);
  const digits = cursor.text.slice(at + 2, at + 2 + length);
  const code = parseInt(digits, 16);
  if (digits.length < length || /[^0-9a-fA-F]/.test(digits) || code > 0x10ffff || code >= 0xd800 && code <= 0xdfff) {
    throw new YamlProblem("escape code", at, scalar);
  }
  cursor.skip(2 + length);
  return String.fromCodePoint(code);
}

/** A scalar after `|` or `>`: all lines that are indented further than the collection around it. */
export function scanBlockScalar(cursor: Cursor, { indent }: ScalarContext): ScalarToken {
  const { offset } = cursor;
  const literal = cursor.at("|");
  const { chomping, increment } = takeBlockHeader(cursor);
  let column = increment === 0 ? 0 : Math.max(indent, 0) + increment;
  let value = "";
  let lineEnd = "";
  let more = "";
  let blankBefore = false;
  ({ column, breaks: more } = skipBlockBreaks(cursor, { column, indent, offset }));
  while (cursor.column === column && !cursor.atEnd()) {
    const blank = cursor.atBlank();
    const fold = !literal && lineEnd === "\n" && !blankBefore && !blank;
    value += (fold ? more === "" ? " " : "" : lineEnd) + more + cursor.takeLine();
    blankBefore = blank;
    lineEnd = cursor.atEnd() ? "" : cursor.skipBreak();
    ({ breaks: more } = skipBlockBreaks(cursor, { column, indent, offset }));
  }
  if (chomping !== "-") value += lineEnd;
  if (chomping === "+") value += more;
  return { kind: "scalar", offset, end: offset + 1, style: literal ? "literal" : "folded", value };
}

function takeBlockHeader(cursor: Cursor): { chomping: string; increment: number } {
  const { offset } = cursor;
  const header = /[|>](?:([-+])(\d?)|(\d)([-+]?))?[ \t]*(?:#.*)?/y;
  header.lastIndex = offset;
  const match = header.exec(cursor.text)!;
  const [, sign, digit, digitFirst, signAfter] = match;
  const increment = Number(digit || digitFirst || 0);
  if ((digit || digitFirst) === "0") throw new YamlProblem("block scalar header", offset);
  cursor.skip(match[0].length);
  if (!cursor.atBreakOrEnd()) throw new YamlProblem("block scalar header", cursor.offset, offset);
  if (cursor.atBreak()) cursor.skipBreak();
  return { chomping: sign ?? signAfter ?? "", increment };
}

interface BlockLines {
  /** Of the lines of the scalar; 0 until the first line tells. */
  readonly column: number;
  readonly indent: number;
  /** Of the scalar. */
  readonly offset: number;
}

/** Goes over the indentation of a block scalar's next line, and the empty lines before it. */
function skipBlockBreaks(cursor: Cursor, { column, indent, offset }: BlockLines): { column: number; breaks: string } {
  let breaks = "";
  let widest = 0;
  for (;;) {
    while ((column === 0 || cursor.column < column) && cursor.at(" ")) cursor.skip();
    widest = Math.max(widest, cursor.column);
    if ((column === 0 || cursor.column < column) && cursor.at("\t")) {
      throw new YamlProblem("block scalar tab", cursor.offset, offset);
    }
    if (!cursor.atBreak()) break;
    breaks += cursor.skipBreak();
  }
  return { column: column || Math.max(widest, indent + 1, 1), breaks };
}
