import { Cursor } from "./cursor.ts";
import { scanAnchor, scanDirective, scanTag } from "./scan-properties.ts";
import { scanBlockScalar, scanPlain, scanQuoted } from "./scan-scalar.ts";
import { type MarkKind, type Token, YamlProblem } from "./token.ts";

/** The tokens of a text, up to its end or to where it is no YAML. */
export interface ScannedText {
  readonly tokens: readonly Token[];
  /** Ends the tokens; the parser may find a reason before it. */
  readonly problem?: YamlProblem;
}

/**
 * Cuts a text into tokens by the rules of go-yaml v3, which Compose reads with, wherever they differ from the
 * specification: tabs, `a:` in flow collections, the indentation of lines in quotes and brackets, `%YAML`, the length of
 * keys.
 */
export function scanYaml(text: string): ScannedText {
  const scanner = new Scanner(text);
  try {
    while (scanner.next());
    return { tokens: scanner.tokens() };
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    return { tokens: scanner.tokens(), problem: error };
  }
}

/** A token that is a key if a `:` follows. */
interface PossibleKey {
  /** Index of its first token. */
  readonly token: number;
  readonly offset: number;
  readonly lineStart: number;
  readonly column: number;
  /** Whether it stands where a block mapping needs a key. */
  readonly required: boolean;
}

/** Characters from the beginning of a key to its colon. */
const longestKey = 1024;

class Scanner {
  readonly #cursor: Cursor;
  readonly #tokens: Token[] = [];
  /** Tokens that are the first of a key, and whether a block mapping opens with it. */
  readonly #keys = new Map<number, "first of its mapping" | "later">();
  /** Column of the innermost block collection, and of those around it. */
  #indent = -1;
  readonly #outerIndents: number[] = [];
  /** One for each open bracket, and one for what is around them. */
  readonly #possibleKeys: (PossibleKey | undefined)[] = [undefined];
  #keyAllowed = true;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /** With the marks before keys that were only known to be keys at their colon. */
  tokens(): Token[] {
    const all: Token[] = [];
    for (const [index, token] of this.#tokens.entries()) {
      const key = this.#keys.get(index);
      const { offset } = token;
      if (key === "first of its mapping") all.push({ kind: "block map", offset });
      if (key) all.push({ kind: "key", offset });
      all.push(token);
    }
    return all;
  }

  /** Adds the next token. @returns false at the end of the text */
  next(): boolean {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#closeBlocks(cursor.column);
    if (cursor.atEnd()) {
      this.#endDocument();
      this.#mark("stream end", 0);
      return false;
    }
    if (cursor.column === 0 && cursor.at("%")) {
      this.#endDocument();
      this.#tokens.push(scanDirective(cursor));
    } else if (cursor.atDocumentMark()) {
      this.#endDocument();
      this.#mark(cursor.at("-") ? "document start" : "document end", 3);
    } else {
      this.#scanToken();
      if (this.#tokens.at(-1)!.kind !== "entry") this.#skipCommentInLine();
    }
    return true;
  }

  get #inFlow(): boolean {
    return this.#possibleKeys.length > 1;
  }

  #mark(kind: MarkKind, length: number): void {
    this.#tokens.push({ kind, offset: this.#cursor.offset });
    this.#cursor.skip(length);
  }

  /** A tab is no indentation: it is skipped only where no key can begin. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      if (this.#inFlow || !this.#keyAllowed) cursor.skipBlanks();
      else cursor.skipSpaces();
      if (cursor.at("#")) skipComments(cursor);
      if (!cursor.atBreak()) return;
      cursor.skipBreak();
      if (!this.#inFlow) this.#keyAllowed = true;
    }
  }

  /** A comment may follow tabs even where a token may not. */
  #skipCommentInLine(): void {
    const comment = /[ \t]*(?=#)/y;
    comment.lastIndex = this.#cursor.offset;
    const [blanks] = comment.exec(this.#cursor.text) ?? [];
    if (blanks !== undefined) this.#cursor.skip(blanks.length);
  }

  #scanToken(): void {
    const cursor = this.#cursor;
    const character = cursor.text.charAt(cursor.offset);
    switch (character) {
      case "[":
      case "{":
        return this.#openBracket(character);
      case "]":
      case "}":
        return this.#closeBracket(character);
      case ",":
        this.#forgetKey();
        this.#keyAllowed = true;
        return this.#mark(",", 1);
      case "*":
      case "&":
        return this.#addPossibleKey(scanAnchor);
      case "!":
        return this.#addPossibleKey(scanTag);
      case "'":
      case '"':
        return this.#addPossibleKey(scanQuoted);
    }
    const endsHere = cursor.atBlankOrEnd(1);
    if (character === "-" && endsHere) return this.#addEntry();
    if (character === "?" && (endsHere || this.#inFlow)) return this.#addExplicitKey();
    if (character === ":" && (endsHere || this.#inFlow)) return this.#addValue();
    if ((character === "|" || character === ">") && !this.#inFlow) return this.#addBlockScalar();
    if (cursor.atBlank() || "#|>%@`".includes(character)) throw new YamlProblem("no token", cursor.offset);
    this.#addPlain();
  }

  #openBracket(bracket: "[" | "{"): void {
    this.#rememberKey();
    this.#possibleKeys.push(undefined);
    this.#keyAllowed = true;
    this.#mark(bracket, 1);
  }

  #closeBracket(bracket: "]" | "}"): void {
    this.#forgetKey();
    if (this.#inFlow) this.#possibleKeys.pop();
    this.#keyAllowed = false;
    this.#mark(bracket, 1);
  }

  #addPossibleKey(scan: (cursor: Cursor) => Token): void {
    this.#rememberKey();
    this.#keyAllowed = false;
    this.#tokens.push(scan(this.#cursor));
  }

  #addPlain(): void {
    this.#rememberKey();
    const { token, overLines } = scanPlain(this.#cursor, { indent: this.#indent, inFlow: this.#inFlow });
    this.#keyAllowed = overLines;
    this.#tokens.push(token);
  }

  #addBlockScalar(): void {
    this.#forgetKey();
    this.#keyAllowed = true;
    this.#tokens.push(scanBlockScalar(this.#cursor, { indent: this.#indent, inFlow: false }));
  }

  #addEntry(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) throw new YamlProblem("item not allowed", this.#cursor.offset);
      this.#openBlock("block list");
    }
    this.#forgetKey();
    this.#keyAllowed = true;
    this.#mark("entry", 1);
  }

  #addExplicitKey(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) throw new YamlProblem("key not allowed", this.#cursor.offset);
      this.#openBlock("block map");
    }
    this.#forgetKey();
    this.#keyAllowed = !this.#inFlow;
    this.#mark("key", 1);
  }

  #addValue(): void {
    const key = this.#validKey();
    if (key) {
      const first = !this.#inFlow && this.#indent < key.column;
      if (first) this.#indentTo(key.column);
      this.#keys.set(key.token, first ? "first of its mapping" : "later");
      this.#possibleKeys[this.#possibleKeys.length - 1] = undefined;
      this.#keyAllowed = false;
    } else {
      if (!this.#inFlow) {
        if (!this.#keyAllowed) throw new YamlProblem("value not allowed", this.#cursor.offset);
        this.#openBlock("block map");
      }
      this.#keyAllowed = !this.#inFlow;
    }
    this.#mark("value", 1);
  }

  /** @returns the key before this colon: in the same line and not too long */
  #validKey(): PossibleKey | undefined {
    const key = this.#possibleKeys.at(-1);
    if (!key) return undefined;
    const { lineStart, offset, text } = this.#cursor;
    const inLine = key.lineStart === lineStart;
    const units = offset - key.offset;
    if (inLine && (units <= longestKey || [...text.slice(key.offset, offset)].length <= longestKey)) return key;
    if (key.required) throw new YamlProblem("no colon", offset, key.offset);
    return undefined;
  }

  #rememberKey(): void {
    if (!this.#keyAllowed) return;
    this.#forgetKey();
    const { offset, lineStart, column } = this.#cursor;
    const required = !this.#inFlow && this.#indent === column;
    this.#possibleKeys[this.#possibleKeys.length - 1] = {
      token: this.#tokens.length,
      offset,
      lineStart,
      column,
      required,
    };
  }

  #forgetKey(): void {
    const key = this.#possibleKeys.at(-1);
    if (key?.required) throw new YamlProblem("no colon", this.#cursor.offset, key.offset);
    this.#possibleKeys[this.#possibleKeys.length - 1] = undefined;
  }

  #openBlock(kind: "block list" | "block map"): void {
    const { column, offset } = this.#cursor;
    if (this.#indent >= column) return;
    this.#indentTo(column);
    this.#tokens.push({ kind, offset });
  }

  #indentTo(column: number): void {
    this.#outerIndents.push(this.#indent);
    this.#indent = column;
  }

  /** Ends the block collections that are indented further than `column`. */
  #closeBlocks(column: number): void {
    if (this.#inFlow) return;
    for (; this.#indent > column; this.#indent = this.#outerIndents.pop()!) this.#mark("block end", 0);
  }

  #endDocument(): void {
    this.#closeBlocks(-1);
    this.#forgetKey();
    this.#keyAllowed = false;
  }
}

/** Goes over a comment and those that follow it, which tabs may indent. */
function skipComments(cursor: Cursor): void {
  const next = /[ \t\r\n\x85\u2028\u2029]*(?=#)/y;
  do {
    cursor.takeLine();
    next.lastIndex = cursor.offset;
    const [gap] = next.exec(cursor.text) ?? [];
    if (gap === undefined) return;
    while (!cursor.at("#")) {
      if (cursor.atBreak()) cursor.skipBreak();
      else cursor.skip();
    }
  } while (!cursor.atEnd());
}
