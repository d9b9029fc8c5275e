/** One small change of a source text, such as a programmer could make by mistake. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** The line as it was. */
  readonly source: string;
  /** What was done: `=== → !==`. */
  readonly change: string;
  readonly text: string;
}

/** Every mutant of one file, in the order of its lines. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const code = maskText(text);
  const found: { readonly at: number; readonly end: number; readonly by: string; readonly change: string }[] = [];
  for (const [pattern, by] of swaps) {
    for (const match of code.matchAll(pattern)) {
      found.push({
        at: match.index,
        end: match.index + match[0].length,
        by,
        change: `${match[0].trim()} → ${by.trim()}`,
      });
    }
  }
  for (const { index } of code.matchAll(/(?<![\w"])if \(/g)) {
    const open = index + 3;
    const close = closing(code, open);
    for (const by of ["true", "false"]) found.push({ at: open + 1, end: close, by, change: `condition → ${by}` });
  }
  for (const match of code.matchAll(/(?<=[\s([])!(?=[\w(#])/g)) {
    found.push({ at: match.index, end: match.index + 1, by: "", change: "! removed" });
  }
  for (const { index } of code.matchAll(/^ *[\w.#]+\.(?:push|set|add|sort)\(/gm)) {
    const end = endOfStatement(code, index);
    if (end !== undefined) found.push({ at: index, end, by: "", change: "statement removed" });
  }
  for (const { index } of code.matchAll(/\.\.\./g)) {
    const open = opening(code, index);
    const elements = code[open] === "[" ? elementsOf(code, open) : [elementAt(code, index)];
    for (const { at, end } of elements) {
      found.push({ at, end, by: "", change: `removed: ${text.slice(at, end).trim()}` });
    }
  }
  for (const match of code.matchAll(/(?<=\b(?:needs|after|beforeChange|beforeStart)(?:: | = ))\[/g)) {
    const end = closing(code, match.index) + 1;
    if (end - match.index > 2) {
      found.push({ at: match.index, end, by: "[]", change: `${text.slice(match.index, end)} → []` });
    }
  }
  const unique = new Map(found.map((each) => [`${each.at} ${each.end} ${each.by}`, each]));
  return [...unique.values()].sort((a, b) => a.at - b.at).map(({ at, end, by, change }) => ({
    file,
    line: text.slice(0, at + /^\s*/.exec(text.slice(at))![0].length).split("\n").length,
    source: lineAt(text, at + /^\s*/.exec(text.slice(at, end))![0].length),
    change: change.replaceAll(/\s+/g, " "),
    text: text.slice(0, at) + by + text.slice(end),
  }));
}

/** What is no comparison (generics, arrows) has no space on one side. */
const swaps: readonly (readonly [RegExp, string])[] = [
  [/ === /g, " !== "],
  [/ !== /g, " === "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ < /g, " >= "],
  [/ > /g, " <= "],
  [/ <= /g, " > "],
  [/ >= /g, " < "],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/\.some\(/g, ".every("],
  [/\.every\(/g, ".some("],
  [/ \?\? (?=\w)/g, " && "],
];

/** The same length, with spaces for what is in comments, strings and patterns. */
function maskText(text: string): string {
  const parts =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=:] ?)\/(?:\\.|[^/\\\n])+\/\w*/g;
  return text.replaceAll(parts, (part) => part[0] + part.slice(1, -1).replaceAll(/[^\n]/g, "_") + part.at(-1))
    .replaceAll(/\/\/_*.?|\/\*?[_\n]*\//g, (part) => part.replaceAll(/[^\n]/g, " "))
    .replaceAll(/^import .*$/gm, (line) => " ".repeat(line.length));
}

const pairs: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (pairs[code[at]!]) depth++;
    else if (Object.values(pairs).includes(code[at]!) && --depth === 0) return at;
  }
  return code.length;
}

/** The bracket that a place is in. */
function opening(code: string, from: number): number {
  let depth = 0;
  for (let at = from - 1; at >= 0; at--) {
    if (Object.values(pairs).includes(code[at]!)) depth++;
    else if (pairs[code[at]!] && depth-- === 0) return at;
  }
  return 0;
}

interface Extent {
  readonly at: number;
  readonly end: number;
}

/** The element that starts here, with the comma after it. */
function elementAt(code: string, start: number): Extent {
  for (let at = start; at < code.length; at++) {
    if (pairs[code[at]!]) at = closing(code, at);
    else if (code[at] === ",") return { at: start, end: at + 1 };
    else if (Object.values(pairs).includes(code[at]!)) return { at: start, end: at };
  }
  return { at: start, end: code.length };
}

function elementsOf(code: string, open: number): Extent[] {
  const elements: Extent[] = [];
  const close = closing(code, open);
  for (let at = open + 1; at < close;) {
    const element = elementAt(code, at);
    if (code.slice(element.at, element.end).trim() !== "") elements.push(element);
    at = Math.max(element.end, at + 1);
  }
  return elements;
}

function endOfStatement(code: string, start: number): number | undefined {
  for (let at = start; at < code.length; at++) {
    if (pairs[code[at]!]) at = closing(code, at);
    else if (code[at] === ";") return at + 1;
    else if (Object.values(pairs).includes(code[at]!)) return undefined;
  }
  return undefined;
}

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  return text.slice(start, end < 0 ? text.length : end).trim();
}
