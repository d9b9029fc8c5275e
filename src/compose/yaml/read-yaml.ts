import type { Collector } from "../tree/collector.ts";
import type { Source } from "../tree/source.ts";
import { parseTokens } from "./parse-tokens.ts";
import { scanYaml } from "./scan.ts";
import { YamlProblem } from "./token.ts";
import { explainProblem } from "./explain-problem.ts";
import type { YamlNode } from "./yaml-node.ts";

/**
 * The documents of a YAML file as they are written: scalars as their text, aliases and merges untouched.
 *
 * @returns undefined when the text is not YAML, or nests too deeply; the reason is in the collector
 */
export function readYaml(source: Source, collector: Collector): readonly YamlNode[] | undefined {
  const scanned = scanYaml(source.text);
  try {
    checkCharacters(source.text);
    return parseTokens(scanned);
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    // what follows the first problem mostly follows from it
    const { message, hint, offset } = explainProblem(error, { text: source.text, tokens: scanned.tokens });
    const code = error.problem === "depth" ? "YAML_LIMIT" : "YAML_SYNTAX";
    collector.error(code, message, { place: { source, offset }, hint });
    return undefined;
  }
}

/** The characters that YAML allows; a byte order mark inside a text is one of them. */
const forbidden = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\u{10000}-\u{10ffff}]/u;

function checkCharacters(text: string): void {
  const offset = text.search(forbidden);
  if (offset !== -1) throw new YamlProblem("control character", offset);
}
