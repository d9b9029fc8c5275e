import { beginsKeyOrItem, lineOf, type TextLine } from "./text-lines.ts";
import type { ScalarToken, Token, YamlProblem } from "./token.ts";

/**
 * The quote that was left open. The next quote closes it, lines later, and opens what was meant as text: a problem shows
 * where such texts end.
 *
 * @returns its offset
 */
export function openQuote(problem: YamlProblem, { text, tokens, lines }: QuoteContext): number | undefined {
  const last = problem.problem === "quote not closed" ? [{ offset: problem.start, end: text.length }] : [];
  let first: number | undefined;
  let endsIn = -1;
  for (const { offset, end } of [...tokens.filter(isQuoted), ...last]) {
    if (!holdsKeysOrItems(text.slice(offset, end))) continue;
    if (first === undefined || lineOf(lines, offset) !== endsIn) first = offset;
    endsIn = lineOf(lines, end - 1);
  }
  if (last.length > 0) return first ?? problem.start;
  return endsIn === lineOf(lines, problem.offset) ? first : undefined;
}

export interface QuoteContext {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly lines: readonly TextLine[];
}

function isQuoted(token: Token): token is ScalarToken {
  return token.kind === "scalar" && (token.style === "single" || token.style === "double");
}

function holdsKeysOrItems(quoted: string): boolean {
  const [, ...lines] = quoted.split("\n");
  return lines.some((line) => beginsKeyOrItem(line.replace(/^[ \t]*/, "")));
}
