/** Where a YAML reader stands in a text: offset and column, in UTF-16 units. Past the end `code()` is `NaN`. */
export class Cursor {
  readonly text: string;
  #offset = 0;
  #lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Two places are in one line when this is the same. */
  get lineStart(): number {
    return this.#lineStart;
  }

  get column(): number {
    return this.#offset - this.#lineStart;
  }

  /** The character's code `ahead` of here. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.#offset + ahead);
  }

  at(character: string): boolean {
    return this.text.startsWith(character, this.#offset);
  }

  atEnd(): boolean {
    return this.#offset >= this.text.length;
  }

  atBlank(ahead = 0): boolean {
    return isBlank(this.code(ahead));
  }

  atBreak(ahead = 0): boolean {
    return isBreak(this.code(ahead));
  }

  atBlankOrEnd(ahead = 0): boolean {
    const code = this.code(ahead);
    return isBlank(code) || isBreak(code) || Number.isNaN(code);
  }

  atBreakOrEnd(): boolean {
    const code = this.code();
    return isBreak(code) || Number.isNaN(code);
  }

  /** Goes over characters that are no line break. */
  skip(count = 1): void {
    this.#offset += count;
  }

  skipBlanks(): void {
    while (this.atBlank()) this.#offset++;
  }

  skipSpaces(): void {
    while (this.code() === space) this.#offset++;
  }

  /** Goes over one line break. @returns what it means in a scalar: `\n`, or itself for the separators of Unicode */
  skipBreak(): string {
    const code = this.code();
    this.#offset += code === carriageReturn && this.code(1) === lineFeed ? 2 : 1;
    this.#lineStart = this.#offset;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
  }

  /** Goes to the end of the line. @returns what was left of it */
  takeLine(): string {
    const start = this.#offset;
    while (!this.atBreakOrEnd()) this.#offset++;
    return this.text.slice(start, this.#offset);
  }

  /** Goes over letters, digits, `_` and `-`: the characters of names. */
  takeName(): string {
    const start = this.#offset;
    while (isNameCharacter(this.code())) this.#offset++;
    return this.text.slice(start, this.#offset);
  }

  /** Whether `---` or `...` stands here at the beginning of a line. */
  atDocumentMark(mark?: "---" | "..."): boolean {
    if (this.column !== 0 || !this.atBlankOrEnd(3)) return false;
    return mark ? this.at(mark) : this.at("---") || this.at("...");
  }
}

const space = 0x20;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

function isBreak(code: number): boolean {
  return code === lineFeed || code === carriageReturn || code === 0x85 || code === 0x2028 || code === 0x2029;
}

function isNameCharacter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a || code >= 0x41 && code <= 0x5a || code >= 0x30 && code <= 0x39 ||
    code === 0x5f || code === 0x2d;
}
