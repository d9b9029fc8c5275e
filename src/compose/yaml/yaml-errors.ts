import { limits } from "../limits.ts";
import { openQuote } from "./open-quote.ts";
import { lineOutOfLine } from "./out-of-line.ts";
import { contentLines, lineOf, type TextLine } from "./text-lines.ts";
import type { Problem, Token, YamlProblem } from "./token.ts";

/** What to tell someone who has to mend the file. */
export interface Explanation {
  readonly message: string;
  readonly hint: string;
  /** Where to look, which is not always where the problem was noticed. */
  readonly offset: number;
}

interface Words {
  readonly message: string;
  readonly hint: string;
}

interface ReadText {
  readonly text: string;
  /** Up to the problem at least. */
  readonly tokens: readonly Token[];
}

/** A problem with what surrounds it. */
interface Scene extends ReadText {
  readonly lines: readonly TextLine[];
  readonly problem: YamlProblem;
  /** The token that was not expected, and the one before it. */
  readonly token: Token | undefined;
  readonly before: Token | undefined;
}

export function explainProblem(problem: YamlProblem, { text, tokens }: ReadText): Explanation {
  const lines = contentLines(text);
  const quote = openQuote(problem, { text, tokens, lines });
  if (quote !== undefined) return notClosed(text, quote);
  const index = tokens.findIndex(({ kind, offset }) => offset >= problem.offset && kind !== "block end");
  const before = tokens.slice(0, index === -1 ? undefined : index).findLast(({ kind }) => kind !== "block end");
  const scene: Scene = { text, tokens, lines, problem, token: tokens[index], before };
  const explanation = explain(scene);
  return explainLookalike(scene, explanation) ?? explanation;
}

function explain(scene: Scene): Explanation {
  const { text, problem: { problem, offset, start } } = scene;
  switch (problem) {
    case "no key":
      return explainNoKey(scene);
    case "no item":
      return explainNoItem(scene);
    case "document start":
      return explainDocumentStart(scene);
    case "value not allowed":
      return explainValue(scene);
    case "no colon":
      return { ...noColon(scene), offset: start };
    case "no comma":
    case "no content":
      return explainFlow(scene);
    case "no token":
      return { ...noToken(text, offset), offset };
    case "depth":
    case "escape":
    case "escape code":
    case "item not allowed":
    case "plain tab":
    case "block scalar tab":
      return { ...words[problem], offset };
    default:
      return { ...words[problem], offset: start };
  }
}

const sameIndent = "give the keys of one mapping, and the items of one list, the same number of spaces";
const quoteIt = "put the value in quotes";

const tabs: Words = { message: "The line is indented with a tab", hint: "indent with spaces: YAML does not take tabs" };
const textFollows: Words = {
  message: "Text follows a value that has ended",
  hint: "put the whole value in one pair of quotes, and check the indentation of this line",
};
const itemForKey: Words = {
  message: "A list item stands where a key is needed",
  hint: "indent it like the items before it, or put it below a key of its own",
};
const keyForItem: Words = {
  message: "The line has no `- ` where a list item is needed",
  hint: "put `- ` before it, or indent it like the key that it belongs to",
};

const words: Readonly<Record<Problem, Words>> = {
  "control character": {
    message: "The text holds a control character",
    hint: 'take it away, or write it as an escape in double quotes: "\\x1b"',
  },
  "no colon": {
    message: "The line has no `:` where a key is needed",
    hint: "write `key: value`, and check the indentation of this line and the next",
  },
  "item not allowed": {
    message: "A list item begins in the middle of a line",
    hint: "begin a line of its own with it, below its key; put a text that begins with `- ` in quotes",
  },
  "key not allowed": { message: "`? ` begins a key where none can stand", hint: quoteIt },
  "value not allowed": { message: "A value holds `: `, which would begin a mapping", hint: quoteIt },
  "no token": { message: "The value begins with a character that YAML keeps for itself", hint: quoteIt },
  directive: {
    message: "A line that begins with `%` is a directive, and this is none that YAML knows",
    hint: "take it away, or indent and quote it when it is text",
  },
  "directive version": {
    message: "Compose reads no other version of YAML than `%YAML 1.1`",
    hint: "take the line away: what else Compose files need of YAML 1.2 is read all the same",
  },
  "directive twice": { message: "The directive stands here a second time", hint: "take one of the two away" },
  "anchor name": {
    message: "`&` and `*` begin an anchor and an alias, whose names have only letters, digits, _ and -",
    hint: "put a text that begins with them in quotes, or rename the anchor",
  },
  tag: { message: "`!` begins a tag, and this is none", hint: "put a text that begins with ! in quotes" },
  "tag handle": {
    message: "The tag begins with a handle that no `%TAG` defines",
    hint: "take the tag away, or put a text that begins with ! in quotes",
  },
  "block scalar header": {
    message: "Behind `|` or `>` stands something else than `+`, `-`, one digit from 1 to 9 or a comment",
    hint: "begin the text in the next line, or put a value that begins with `|` or `>` in quotes",
  },
  "block scalar tab": tabs,
  "quote not closed": { message: "The quote is not closed", hint: "close it" },
  escape: { message: "The backslash begins no escape", hint: "double it, or use single quotes" },
  "escape code": {
    message: "The escape is no character",
    hint: "write \\x and 2, \\u and 4 or \\U and 8 hexadecimal digits, or double the backslash",
  },
  "plain tab": tabs,
  "document start": textFollows,
  "no content": { message: "A value is missing", hint: "write one, or take away what needs it" },
  depth: {
    message: `Nested more than ${limits.depth} levels deep`,
    hint: "write it flatter; Compose files rarely nest more than ten levels",
  },
  "no item": keyForItem,
  "no key": textFollows,
  "no comma": { message: "A comma is missing before this", hint: "put one between two items" },
};

const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

function notClosed(text: string, offset: number): Explanation {
  const mark = text.charAt(offset);
  return { message: `${mark} is not closed`, hint: `close it with ${closing[mark] ?? mark}`, offset };
}

function inOneLine({ lines }: Scene, a: number, b: number): boolean {
  return lineOf(lines, a) === lineOf(lines, b);
}

function outOfLine({ lines }: Scene, places: { noticed: number; value: number }): Explanation {
  return {
    message: "The line is indented otherwise than the lines that it belongs to",
    hint: sameIndent,
    offset: lineOutOfLine(lines, places),
  };
}

function explainNoKey(scene: Scene): Explanation {
  const { token, before, problem: { offset } } = scene;
  const value = before?.offset ?? offset;
  switch (token?.kind) {
    case "entry":
      return { ...itemForKey, offset };
    case "]":
    case "}":
      return { message: "A bracket closes nothing", hint: "take it away, or add the one that opens", offset };
    case "value":
      return { message: "A `:` has no key before it", hint: "write `key: value`", offset };
    default:
      return inOneLine(scene, value, offset)
        ? { ...textFollows, offset }
        : outOfLine(scene, { noticed: offset, value });
  }
}

function explainNoItem(scene: Scene): Explanation {
  const { lines, before, problem: { offset, start } } = scene;
  const line = lines[lineOf(lines, offset)]!;
  if (line.column === lines[lineOf(lines, start)]!.column) return { ...keyForItem, offset: line.offset };
  const value = before?.offset ?? offset;
  return inOneLine(scene, value, offset) ? { ...textFollows, offset } : outOfLine(scene, { noticed: offset, value });
}

function explainDocumentStart(scene: Scene): Explanation {
  const { before, problem: { offset } } = scene;
  if (!before || before.kind === "version directive" || before.kind === "tag directive") {
    return { message: "A directive needs a `---` behind it", hint: "put `---` in a line of its own here", offset };
  }
  if (before.kind === "document end") {
    return { message: "Text follows `...`, which ends a document", hint: "write `---` instead of `...`", offset };
  }
  return explainNoKey(scene);
}

/** A `:` behind something that can be no key. */
function explainValue(scene: Scene): Explanation {
  const { before, tokens, lines, text, problem: { offset } } = scene;
  if (!before || inOneLine(scene, before.offset, offset)) {
    return { ...words["value not allowed"], offset: before?.offset ?? offset };
  }
  const line = lines[lineOf(lines, offset)]!;
  const valueOf = tokens[tokens.indexOf(before) - 1];
  const hasKey = valueOf?.kind === "value" && inOneLine(scene, valueOf.offset, before.offset);
  const column = before.offset - (text.lastIndexOf("\n", before.offset - 1) + 1);
  if (hasKey || valueOf?.kind === "entry" && line.column > column) {
    const { offset: at } = outOfLine(scene, { noticed: line.offset, value: before.offset });
    return at === line.offset
      ? { message: "The line is indented further than the keys that it stands among", hint: sameIndent, offset: at }
      : { ...outOfLine(scene, { noticed: line.offset, value: before.offset }) };
  }
  return { ...noColonIn(text, before.offset), offset: before.offset };
}

/** What kind of key or item a line without a colon was meant to be. */
function noColon(scene: Scene): Words {
  const { text, lines, problem: { start, offset } } = scene;
  if (offset - start > 1024 && inOneLine(scene, start, offset)) {
    return { message: "The key is longer than 1024 characters", hint: "give it a shorter name" };
  }
  const at = lineOf(lines, start);
  const line = lines[at]!;
  const sibling = lines.slice(0, at).findLast(({ column }) => column <= line.column);
  if (!text.startsWith("-", start) && sibling?.column === line.column && sibling.keyColumn > sibling.column) {
    return keyForItem;
  }
  return noColonIn(text, start);
}

function noColonIn(text: string, start: number): Words {
  const [line = ""] = text.slice(start).split(/\r?\n/, 1);
  if (/^-[^\s-]/.test(line)) {
    return { message: "A space is missing behind the `-` of a list item", hint: "write `- ` before the item" };
  }
  const glued = /^["']?[\w.-]+["']?:(?=\S)/.exec(line);
  if (glued) {
    return { message: "A space is missing behind the `:` of a key", hint: `write \`${glued[0]} \` and the value` };
  }
  return words["no colon"];
}

/** Inside brackets, or a bracket or comma outside. */
function explainFlow(scene: Scene): Explanation {
  const { text, token, before, problem: { problem, offset, start } } = scene;
  if (start === offset) {
    if (token?.kind === "]" || token?.kind === "}" || token?.kind === ",") return { ...words["no token"], offset };
    return { ...words["no content"], offset: before && token?.kind !== "entry" ? before.offset : offset };
  }
  if (!token || token.kind === "stream end" || !inOneLine(scene, start, offset) && beginsKeyOrItem(scene)) {
    return notClosed(text, start);
  }
  if (token.kind === "]" || token.kind === "}") {
    const mark = text.charAt(start);
    return { message: `${mark} is closed with ${token.kind}`, hint: `close it with ${closing[mark]}`, offset };
  }
  if (problem === "no content") {
    return token.kind === ","
      ? { message: "Nothing stands between two commas", hint: "take one of them away", offset }
      : { ...words["no content"], offset };
  }
  const endOfLine = before && before.offset > start && !inOneLine(scene, before.offset, offset);
  return { ...words["no comma"], offset: endOfLine ? before.offset : offset };
}

/** Whether the line of a problem begins as one outside of brackets does. */
function beginsKeyOrItem({ lines, problem: { offset } }: Scene): boolean {
  return /^(?:- |["']?[\w.-]+["']?:(?:\s|$))/.test(lines[lineOf(lines, offset)]!.text);
}

function noToken(text: string, offset: number): Words {
  if (text.charAt(offset) !== "\t") return words["no token"];
  const start = text.lastIndexOf("\n", offset) + 1;
  if (text.slice(start, offset).trim() === "") return tabs;
  return { message: "A tab stands where only spaces can", hint: "write a space instead" };
}

/** Spaces and a colon that YAML takes for letters: they make one text of what was meant as a key and its value. */
const lookalike =
  /^[ \t]*(?:- )*([\u00a0\u2000-\u200b\u202f\u3000\ufeff])|:([\u00a0\u2000-\u200b\u202f\u3000\ufeff])|(\uff1a)/u;

function explainLookalike({ text, lines, problem, before }: Scene, { offset }: Explanation): Explanation | undefined {
  for (const place of [offset, before?.offset ?? offset, problem.offset]) {
    const line = lines[lineOf(lines, place)];
    if (!line) continue;
    const found = lookalike.exec(`${" ".repeat(line.column)}${line.text}`);
    const character = found?.[1] ?? found?.[2] ?? found?.[3];
    if (!character) continue;
    const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
    const like = character === "\uff1a" ? "a colon" : "a space";
    return {
      message: `The line holds ${code}, which looks like ${like} and is none`,
      hint: `write ${like} instead`,
      offset: text.indexOf(character, line.offset),
    };
  }
  return undefined;
}
