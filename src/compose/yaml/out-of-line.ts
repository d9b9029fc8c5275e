import { parseTokens } from "./parse-tokens.ts";
import { scanYaml } from "./scan.ts";
import { lineOf, type TextLine } from "./text-lines.ts";
import { YamlProblem } from "./token.ts";

/** Characters that may be read again in search of the line to mend. */
const readAgain = 1024 * 1024;

/** A line, and how far a text is YAML when that line is indented otherwise. */
interface Repair {
  readonly line: number;
  readonly reach: number;
  /** How much better the line fits the indentation of the others. */
  readonly gain: number;
}

/**
 * Which line is indented wrongly. A reader notices a line that does not fit those before it, and often one of those is to
 * blame: the one that, indented otherwise, lets the reader come furthest.
 *
 * @param noticed offset in the line that does not fit
 * @returns offset of the line to mend
 */
export function lineOutOfLine(text: string, lines: readonly TextLine[], noticed: number): number {
  const at = lineOf(lines, noticed);
  const suspects = suspectsOf(lines, at);
  const step = commonStep(lines);
  const columns = new Set(suspects.flatMap((index) => [lines[index]!.column, lines[index]!.keyColumn + step]));
  const from = Math.min(...suspects);
  const fitsNow = fits(lines, { from, to: at }, step);
  const repairs: Repair[] = [];
  let left = readAgain;
  for (const line of suspects) {
    for (const column of columns) {
      if (column === lines[line]!.column) continue;
      for (const end of new Set([line + 1, endOfBlock(lines, line)])) {
        left -= text.length;
        if (left < 0) break;
        const reach = reachOf(text, { lines: lines.slice(line, end), by: column - lines[line]!.column });
        const gain = fits(lines, { from, to: at, moved: { line, column } }, step) - fitsNow;
        repairs.push({ line, reach, gain });
      }
    }
  }
  const [best] = repairs.filter(({ reach }) => reach > noticed).sort((a, b) =>
    b.reach - a.reach || b.gain - a.gain || a.line - b.line
  );
  return lines[best?.line ?? at]!.offset;
}

/** The line, the one before it, those that hold it and the first line in each of them. */
function suspectsOf(lines: readonly TextLine[], at: number): readonly number[] {
  const suspects = new Set([at, at - 1]);
  let { column } = lines[at - 1] ?? lines[at]!;
  for (let index = at - 1; index >= 0; index--) {
    if (lines[index]!.column >= column) continue;
    suspects.add(index + 1).add(index);
    column = lines[index]!.column;
  }
  return [...suspects].filter((index) => index >= 0);
}

/** The index behind the lines that are indented further than one. */
function endOfBlock(lines: readonly TextLine[], line: number): number {
  const { column } = lines[line]!;
  const length = lines.slice(line + 1).findIndex((next) => next.column <= column);
  return length === -1 ? lines.length : line + 1 + length;
}

/** Up to which offset of it a text is YAML, once some lines are moved sideways. */
function reachOf(text: string, { lines, by }: { lines: readonly TextLine[]; by: number }): number {
  let moved = "";
  let from = 0;
  for (const { offset, column } of lines) {
    moved += text.slice(from, offset - column) + " ".repeat(Math.max(0, column + by));
    from = offset;
  }
  const longer = moved.length - from;
  try {
    parseTokens(scanYaml(moved + text.slice(from)));
    return text.length;
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    return error.offset - longer;
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** One line, at another column. */
  readonly moved?: { readonly line: number; readonly column: number };
}

/** How many lines of a stretch are indented as this file indents: a step below a key without a value, or level. */
function fits(lines: readonly TextLine[], { from, to, moved }: Stretch, step: number): number {
  const shift = moved ? moved.column - lines[moved.line]!.column : 0;
  let count = 0;
  for (let index = from; index <= to; index++) {
    const before = lines[index - 1];
    const line = lines[index]!;
    const column = line.column + (moved?.line === index ? shift : 0);
    const above = before ? before.keyColumn + (moved?.line === index - 1 ? shift : 0) : -step;
    const opens = !before || before.text.endsWith(":");
    const level = opens ? line.text.startsWith("- ") && column === above : column % step === 0;
    if (level || opens && column === above + step) count++;
  }
  return count;
}

/** By how much this file's lines are mostly indented further than the line before them. */
function commonStep(lines: readonly TextLine[]): number {
  const counts = new Map<number, number>();
  for (const [index, { column }] of lines.entries()) {
    const step = index === 0 ? 0 : column - lines[index - 1]!.keyColumn;
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const oddLast = (step: number) => step % 2;
  const [common] = [...counts].sort(([a, often], [b, oftenB]) => oftenB - often || oddLast(a) - oddLast(b) || a - b);
  return common?.[0] ?? 2;
}
