import { lineOf, type TextLine } from "./text-lines.ts";

/**
 * Which of two lines is indented wrongly: a reader notices the second, and often the first is to blame.
 *
 * @param noticed offset in the line that does not fit
 * @param value offset where the value before it begins
 * @returns offset of the line to mend
 */
export function lineOutOfLine(
  lines: readonly TextLine[],
  { noticed, value }: { noticed: number; value: number },
): number {
  const at = lineOf(lines, noticed);
  const before = lineOf(lines, value);
  const line = lines[at]!;
  const valueLine = lines[before]!;
  if (before < at && line.column > valueLine.keyColumn) {
    return wasIndentedLess(lines, { before, at }) ? valueLine.offset : line.offset;
  }
  return outlierOfBlock(lines, at).offset;
}

/** `at` is deeper than the line before it, which has a value already: whether that line belonged to where `at` is. */
function wasIndentedLess(lines: readonly TextLine[], { before, at }: { before: number; at: number }): boolean {
  const { column } = lines[at]!;
  const open = openColumns(lines, before);
  if (!open.includes(column)) return false;
  const next = lines[at + 1];
  return !(next && next.column === lines[before]!.column && open.includes(next.column));
}

/** Columns of the keys and items that are open before a line, outermost first. */
function openColumns(lines: readonly TextLine[], before: number): number[] {
  const open: number[] = [];
  for (const { column, keyColumn } of lines.slice(0, before)) {
    while (open.length > 0 && open.at(-1)! >= column) open.pop();
    open.push(column);
    if (keyColumn > column) open.push(keyColumn);
  }
  return open;
}

/** `at` ends a block without being as far left as what is around it: either it or the block is indented wrongly. */
function outlierOfBlock(lines: readonly TextLine[], at: number): TextLine {
  const line = lines[at]!;
  const first = firstOfBlock(lines, at);
  const parent = lines[first - 1];
  const start = lines[first]!;
  const expected = parent ? parent.keyColumn + commonStep(lines) : 0;
  if (start.column === expected) return line;
  if (line.column === expected) return start;
  const deep = countAt(lines.slice(first, at), start.column);
  const level = countAt(takeWhile(lines.slice(at), ({ column }) => column >= line.column), line.column);
  return level > deep ? start : line;
}

/** The first line after the last one that is less indented than `at`. */
function firstOfBlock(lines: readonly TextLine[], at: number): number {
  const { column } = lines[at]!;
  for (let index = at - 1; index >= 0; index--) if (lines[index]!.column < column) return index + 1;
  return 0;
}

function countAt(lines: readonly TextLine[], column: number): number {
  return lines.filter((line) => line.column === column).length;
}

function takeWhile(lines: readonly TextLine[], holds: (line: TextLine) => boolean): readonly TextLine[] {
  const end = lines.findIndex((line) => !holds(line));
  return end === -1 ? lines : lines.slice(0, end);
}

/** By how much this file's lines are mostly indented further than the line before them. */
function commonStep(lines: readonly TextLine[]): number {
  const counts = new Map<number, number>();
  for (const [index, { column }] of lines.entries()) {
    const step = index === 0 ? 0 : column - lines[index - 1]!.keyColumn;
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [common] = [...counts].sort(([, a], [, b]) => b - a);
  return common?.[0] ?? 2;
}
