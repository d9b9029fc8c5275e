export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

/** What a YAML text is made of. */
export type Token =
  | Mark
  | ScalarToken
  | { readonly kind: "alias" | "anchor"; readonly offset: number; readonly name: string }
  /** `handle` is `!`, `!!` or `!x!`; empty where the whole tag is written, as in `!<tag:…>` and `!`. */
  | { readonly kind: "tag"; readonly offset: number; readonly handle: string; readonly suffix: string }
  | { readonly kind: "tag directive"; readonly offset: number; readonly handle: string; readonly prefix: string }
  | { readonly kind: "version directive"; readonly offset: number; readonly version: string };

export interface ScalarToken {
  readonly kind: "scalar";
  readonly offset: number;
  /** Offset behind its last character; of a block scalar: behind its indicator. */
  readonly end: number;
  readonly style: ScalarStyle;
  readonly value: string;
}

export interface Mark {
  readonly kind: MarkKind;
  readonly offset: number;
}

export type MarkKind =
  | "document start"
  | "document end"
  | "stream end"
  /** A block collection opens: its indentation is the column of `offset`. */
  | "block list"
  | "block map"
  | "block end"
  | "entry"
  | "key"
  | "value"
  | "["
  | "]"
  | "{"
  | "}"
  | ",";

/** What is wrong with a text that is not YAML. `problem-words.ts` has the words for each. */
export type Problem =
  | "control character"
  | "no colon"
  | "item not allowed"
  | "key not allowed"
  | "value not allowed"
  | "no token"
  | "directive"
  | "directive version"
  | "directive twice"
  | "anchor name"
  | "tag"
  | "tag handle"
  | "block scalar header"
  | "block scalar tab"
  | "quote not closed"
  | "escape"
  | "escape code"
  | "plain tab"
  | "document start"
  | "no content"
  | "no item"
  | "no key"
  | "no comma"
  | "depth";

/** Ends reading a text that is not YAML. */
export class YamlProblem extends Error {
  override name = "YamlProblem";
  readonly problem: Problem;
  /** Where it was noticed. */
  readonly offset: number;
  /** Where what it belongs to begins: the key, the quote, the bracket, the collection. */
  readonly start: number;

  constructor(problem: Problem, offset: number, start = offset) {
    super(problem);
    this.problem = problem;
    this.offset = offset;
    this.start = start;
  }
}
