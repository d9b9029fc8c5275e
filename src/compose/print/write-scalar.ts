import type { ScalarNode } from "../tree/node.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { dateText } from "../tree/to-json.ts";
import { resolvePlain } from "../yaml/yaml-scalar.ts";

/** Text that YAML 1.1 takes for a truth value or a base 60 number: quoted, for readers of it. */
const otherInYaml11 = /^(?:[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$/;

/** Most texts: too long for a word that means something else, and without a character that does. */
const clearlyPlain = /^[a-z_/][a-z0-9_./-]{5,}$/i;

/** What a plain scalar cannot begin with, or hold. */
const indicators = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?-](?=[ \t]|$))|:(?=[ \t]|$)|[ \t]#/;

/** What only a double-quoted scalar can hold; tabs and line feeds are judged apart. */
const special = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

const escapes: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x1b, "\\e"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x85, "\\N"],
  [0x2028, "\\L"],
  [0x2029, "\\P"],
]);

/**
 * A scalar in the style that Compose's YAML writer chooses for it.
 *
 * @param indent of the lines of a block scalar
 */
export function writeScalar(node: ScalarNode, indent: number): string {
  switch (node.type) {
    case "string":
      return writeText(String(node.value), indent);
    case "null":
      return "null";
    case "date":
      return dateText(String(node.value));
    case "bool":
    case "int":
      return scalarText(node)!;
    case "float":
      return infinities.get(Number(node.value)) ?? scalarText(node)!;
  }
}

const infinities: ReadonlyMap<number, string> = new Map([[Infinity, ".inf"], [-Infinity, "-.inf"], [NaN, ".nan"]]);

/** As `writeScalar`, for text. */
export function writeText(text: string, indent: number): string {
  if (clearlyPlain.test(text)) return text;
  const mustEscape = special.test(text);
  if (text.includes("\n")) {
    return mustEscape || / $| \n/.test(text) ? doubleQuoted(text) : block(text, indent);
  }
  if (resolvePlain(text).type !== "string" || otherInYaml11.test(text)) return doubleQuoted(text);
  if (mustEscape || text.includes("\t")) return doubleQuoted(text);
  return indicators.test(text) || /^ | $/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

function doubleQuoted(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0)!;
    const short = escapes.get(code);
    if (short !== undefined) return short;
    if (!special.test(character)) return character;
    const digits = code.toString(16).toUpperCase();
    if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
    return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

/** A literal block scalar; the line feed that ends it is not written. */
function block(text: string, indent: number): string {
  const indentation = /^[ \n]/.test(text) ? "2" : "";
  const chomping = !text.endsWith("\n") ? "-" : /(?:^|\n)\n$/.test(text) ? "+" : "";
  // empty lines get no spaces
  const lines = text.replace(/\n$/, "").replaceAll(/^(?=.)/gmu, " ".repeat(indent));
  return `|${indentation}${chomping}\n${lines}`;
}
