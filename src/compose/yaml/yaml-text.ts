import { Composer, type CST, type Document, Parser, type YAMLParseError } from "yaml";
import type { Collector } from "../tree/collector.ts";
import { explainSyntax } from "./yaml-errors.ts";
import { joinFlowLines } from "./flow-lines.ts";
import { limits } from "../limits.ts";
import type { Source } from "../tree/source.ts";
import { unclosedToken } from "./unclosed.ts";

/**
 * The documents of a YAML file as the library composes them: scalars as their text, aliases and merges untouched.
 *
 * @returns undefined when the text is not YAML, or nests too deeply; the reason is in the collector
 */
export function composeYaml(source: Source, collector: Collector): readonly Document.Parsed[] | undefined {
  let tokens = tokensOf(source.text);
  if (unclosedToken(tokens)) tokens = tokensOf(joinFlowLines(source.text));
  const deep = tokens.find(nestsTooDeeply);
  if (deep) {
    collector.error("YAML_LIMIT", `Nested more than ${limits.depth} levels deep`, {
      place: { source, offset: Math.max(0, deep.offset) },
      hint: "write it flatter; Compose files rarely nest more than ten levels",
    });
    return undefined;
  }
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, merge: false, logLevel: "silent" });
  const documents = [...composer.compose(tokens, false, source.text.length)];
  const [error] = documents.flatMap((document) => document.errors);
  if (!error) return documents;
  // what follows the first error mostly follows from it
  reportSyntax(error, { source, tokens, collector });
  return undefined;
}

function tokensOf(text: string): readonly CST.Token[] {
  return [...new Parser().parse(text)];
}

/** Walks the tokens without recursion, so that no depth can overflow the stack. */
function nestsTooDeeply(token: CST.Token): boolean {
  const open: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let top = open.pop(); top; top = open.pop()) {
    if (top.depth > limits.depth) return true;
    const inner = top.token;
    if (inner.type === "document" && inner.value) open.push({ token: inner.value, depth: top.depth });
    if (!("items" in inner)) continue;
    for (const item of inner.items) {
      if (item.key) open.push({ token: item.key, depth: top.depth + 1 });
      if (item.value) open.push({ token: item.value, depth: top.depth + 1 });
    }
  }
  return false;
}

interface SyntaxContext {
  readonly source: Source;
  readonly tokens: readonly CST.Token[];
  readonly collector: Collector;
}

function reportSyntax(error: YAMLParseError, { source, tokens, collector }: SyntaxContext): void {
  const unclosed = unclosedToken(tokens);
  if (unclosed && unclosed.offset <= error.pos[0]) {
    const mark = source.text[unclosed.offset]!;
    const place = { source, offset: unclosed.offset };
    collector.error("YAML_SYNTAX", `${mark} is not closed`, { place, hint: `close it with ${closing[mark] ?? mark}` });
    return;
  }
  const { message, hint, offset } = explainSyntax(error, source.text);
  collector.error("YAML_SYNTAX", message, { place: { source, offset }, hint });
}

const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}" };
