import { Parser } from "yaml";
import { unclosedToken } from "./unclosed.ts";

/** Characters that may be read again in search of lines to join: bounds the time for a file full of them. */
const readAgain = 8 * 1024 * 1024;

/**
 * Compose takes the lines of `[…]` and `{…}` at any indentation; the library wants them indented. Joins such lines: line
 * ends and comments become spaces, so that every offset stays what it is.
 */
export function joinFlowLines(text: string): string {
  let joined = text;
  for (let left = readAgain; left > 0; left -= text.length) {
    const open = unclosedToken([...new Parser().parse(joined)]);
    const next = open?.kind === "flow" ? joinCollection(joined, open.offset) : undefined;
    if (next === undefined || next === joined) return joined;
    joined = next;
  }
  return joined;
}

/**
 * @param start offset of the opening bracket
 * @returns undefined when it is closed nowhere
 */
function joinCollection(text: string, start: number): string | undefined {
  const units = text.slice(start).split("");
  let depth = 0;
  for (let at = 0; at < units.length; at++) {
    const unit = units[at]!;
    const before = units[at - 1] ?? " ";
    if ((unit === '"' || unit === "'") && /[\s,[{:]/.test(before)) at = closingQuote(units, at);
    else if (unit === "#" && /\s/.test(before)) {
      while (at < units.length && units[at] !== "\n") units[at++] = " ";
      units[at] = " ";
    } else if (unit === "\n" || unit === "\r") units[at] = " ";
    else if (unit === "[" || unit === "{") depth++;
    else if ((unit === "]" || unit === "}") && --depth === 0) {
      return text.slice(0, start) + units.join("").slice(0, text.length - start);
    }
  }
  return undefined;
}

/** @returns the index of the quote that closes the one at `start` */
function closingQuote(units: readonly string[], start: number): number {
  const mark = units[start];
  for (let at = start + 1; at < units.length; at++) {
    if (units[at] === "\\" && mark === '"') at++;
    else if (units[at] === mark) {
      if (mark === '"' || units[at + 1] !== "'") return at;
      at++;
    }
  }
  return units.length;
}
