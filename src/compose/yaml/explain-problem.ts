import { conflictMark, foreignLine } from "./foreign-line.ts";
import { openQuote } from "./open-quote.ts";
import { lineOutOfLine } from "./out-of-line.ts";
import {
  aliasFollows,
  braceInBrackets,
  colonAtEnd,
  commaFollows,
  dashBeforeKey,
  itemForKey,
  keyForItem,
  lessThanItem,
  lessThanText,
  sameIndent,
  tabs,
  textFollows,
  valuesFollow,
  type Words,
  words,
} from "./problem-words.ts";
import { beginsKeyOrItem, contentLines, lineOf, type TextLine } from "./text-lines.ts";
import type { Token, YamlProblem } from "./token.ts";

/** What to tell someone who has to mend the file. */
export interface Explanation extends Words {
  /** Where to look, which is not always where the problem was noticed. */
  readonly offset: number;
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

/** Says what is wrong with a text that is no YAML, and which line an operator has to mend. */
export function explainProblem(problem: YamlProblem, { text, tokens }: ReadText): Explanation {
  const lines = contentLines(text);
  const conflict = conflictMark(lines);
  if (conflict) return conflict;
  const foreign = foreignLine(lines, problem.offset);
  if (foreign) return foreign;
  const quote = openQuote(problem, { text, tokens, lines });
  if (quote !== undefined) return notClosed(text, quote);
  const index = tokens.findIndex(({ kind, offset }) => offset >= problem.offset && kind !== "block end");
  const before = tokens.slice(0, index === -1 ? undefined : index).findLast(({ kind }) => kind !== "block end");
  const scene: Scene = { text, tokens, lines, problem, token: tokens[index], before };
  const explanation = explain(scene);
  return explainLookalike(scene, explanation) ?? foreignLine(lines, explanation.offset) ?? explanation;
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

const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

function notClosed(text: string, offset: number): Explanation {
  const mark = text.charAt(offset);
  return { message: `${mark} is not closed`, hint: `close it with ${closing[mark] ?? mark}`, offset };
}

function positionOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function inOneLine({ lines }: Scene, a: number, b: number): boolean {
  return lineOf(lines, a) === lineOf(lines, b);
}

function outOfLine({ text, lines }: Scene, noticed: number): Explanation {
  const offset = lineOutOfLine(text, lines, noticed);
  return { message: "The line is indented otherwise than the lines that it belongs to", hint: sameIndent, offset };
}

/** A line that is deeper than the one before, which has a value already. */
function tooDeep(scene: Scene, { line, value }: { line: TextLine; value: number }): Explanation {
  const above = scene.lines[lineOf(scene.lines, value)]!;
  // no other indentation makes an item of what follows `key: value`
  const isItemOfKey = line.text.startsWith("- ") && !above.text.startsWith("- ");
  const explanation = outOfLine(scene, line.offset);
  if (explanation.offset !== line.offset && !isItemOfKey) return explanation;
  const before = positionOf(scene.text, value);
  return {
    message: `The line is indented further than line ${before}, which has a value already`,
    hint: `indent it like the keys that it stands among, or take the value of line ${before} away`,
    offset: line.offset,
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
      return inOneLine(scene, value, offset) ? followed(scene) : misplaced(scene, value);
  }
}

/** A value that has ended, and what stands behind it in its line. */
function followed({ text, before, problem: { offset } }: Scene): Explanation {
  if (before?.kind === "alias") return { ...aliasFollows, offset };
  const [rest = ""] = text.slice(offset).split("\n", 1);
  if (rest.trimEnd() === ",") return { ...commaFollows, offset };
  return { ...(rest.startsWith(",") ? valuesFollow : textFollows), offset };
}

/** A line that begins where nothing of what is open can go on; `value` is the offset of the token before it. */
function misplaced(scene: Scene, value: number): Explanation {
  const { lines, before, problem: { offset } } = scene;
  const line = lines[lineOf(lines, offset)]!;
  const isDeeper = line.column > lines[lineOf(lines, value)]!.keyColumn;
  if (!isDeeper) return outOfLine(scene, line.offset);
  const isText = before?.kind === "scalar" && (before.style === "literal" || before.style === "folded");
  const explanation = tooDeep(scene, { line, value });
  return isText && explanation.offset === line.offset ? { ...lessThanText, offset: line.offset } : explanation;
}

/** The first line of an item in its long form, of `ports` or `volumes` for one, whose next key belongs to it. */
const longForm = /^- +(?:type|target|source|published|subnet|path|action):\s/;

function explainNoItem(scene: Scene): Explanation {
  const { lines, before, problem: { offset, start } } = scene;
  const line = lines[lineOf(lines, offset)]!;
  const first = lines[lineOf(lines, start)]!;
  if (line.text.startsWith("- ") && offset > line.offset) return followed(scene);
  if (line.column === first.column) {
    const onlyItem = !lines.slice(lineOf(lines, start) + 1, lineOf(lines, offset)).some(({ column }) =>
      column === line.column
    );
    if (longForm.test(first.text)) return { ...lessThanItem, offset: line.offset };
    return onlyItem && /^- +["']?[\w.-]+["']?:(?:\s|$)/.test(first.text)
      ? { ...dashBeforeKey, offset: first.offset }
      : { ...keyForItem, offset: line.offset };
  }
  const value = before?.offset ?? offset;
  return inOneLine(scene, value, offset) ? followed(scene) : misplaced(scene, value);
}

function explainDocumentStart(scene: Scene): Explanation {
  const { before } = scene;
  if (before?.kind === "version directive" || before?.kind === "tag directive") {
    const hint = "take it away, or put `---` in a line of its own behind it";
    return { message: "A directive needs a `---` behind it", hint, offset: before.offset };
  }
  if (before?.kind === "document end") {
    const hint = "take it away, or write `---` instead";
    return { message: "`...` ends a document, and text follows it", hint, offset: before.offset };
  }
  return explainNoKey(scene);
}

/** A `:` behind something that can be no key. */
function explainValue(scene: Scene): Explanation {
  const { before, tokens, lines, text, problem: { offset } } = scene;
  if (!before || inOneLine(scene, before.offset, offset)) {
    const isLast = /^:\s*(?:#|$)/.test(text.slice(offset).split("\n", 1)[0]!);
    return { ...(isLast ? colonAtEnd : words["value not allowed"]), offset: before?.offset ?? offset };
  }
  const line = lines[lineOf(lines, offset)]!;
  const valueOf = tokens[tokens.indexOf(before) - 1];
  const hasKey = valueOf?.kind === "value" && inOneLine(scene, valueOf.offset, before.offset);
  const column = before.offset - (text.lastIndexOf("\n", before.offset - 1) + 1);
  if (hasKey || valueOf?.kind === "entry" && line.column > column) {
    return tooDeep(scene, { line, value: before.offset });
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
  const assigned = /^([\w.-]+) ?=/.exec(line);
  if (assigned) return { ...words["no colon"], hint: `write \`${assigned[1]}: \` and the value` };
  return words["no colon"];
}

/** Inside brackets, or a bracket or comma outside. */
function explainFlow(scene: Scene): Explanation {
  const { text, token, before, problem: { problem, offset, start } } = scene;
  if (start === offset) {
    if (token?.kind === "]" || token?.kind === "}" || token?.kind === ",") return { ...words["no token"], offset };
    return { ...words["no content"], offset: before && token?.kind !== "entry" ? before.offset : offset };
  }
  if (!token || token.kind === "stream end" || !inOneLine(scene, start, offset) && beginsAfresh(scene)) {
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
  if (before?.kind === "scalar" && token.kind === "{" && /\S/.test(text.charAt(offset - 1))) {
    return { ...braceInBrackets, offset: before.offset };
  }
  const endOfLine = before && before.offset > start && !inOneLine(scene, before.offset, offset);
  return { ...words["no comma"], offset: endOfLine ? before.offset : offset };
}

/** Whether the line of a problem begins as one outside of brackets does. */
function beginsAfresh({ lines, problem: { offset } }: Scene): boolean {
  return beginsKeyOrItem(lines[lineOf(lines, offset)]!.text);
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
