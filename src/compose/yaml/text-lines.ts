/** A line of a text that is neither empty nor a comment. */
export interface TextLine {
  /** Of its first character that is no space. */
  readonly offset: number;
  readonly column: number;
  /** Column of what follows the `- ` at its beginning; `column` where there is none. */
  readonly keyColumn: number;
  readonly text: string;
}

/** The lines of a text that say something, in order. */
export function contentLines(text: string): readonly TextLine[] {
  const lines: TextLine[] = [];
  for (const match of text.matchAll(/^([ \t]*)((?:- +)*)([^ \t\r\n#].*)$/gm)) {
    const [, indent = "", dashes = "", content = ""] = match;
    lines.push({
      offset: match.index + indent.length,
      column: indent.length,
      keyColumn: indent.length + dashes.length,
      text: dashes + content,
    });
  }
  return lines;
}

/** The index of the line that holds an offset; of the one before it where that line says nothing. */
export function lineOf(lines: readonly TextLine[], offset: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Whether a line, without its indentation, begins as an item of a list (`- `) or with a key (`key:`, `"key": x`). */
export function beginsKeyOrItem(line: string): boolean {
  return /^(?:- |["']?[\w.-]+["']?:(?:\s|$))/.test(line);
}
