import type { Position } from "../../model/position.ts";

/** The text of one file, with its lines. */
export interface Source {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** Where something was written. Cheap to keep on every value; `positionAt` makes the line and column of it. */
export interface Place {
  readonly source: Source;
  readonly offset: number;
}

/** A file with its lines found. */
export function createSource(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** The line and column of a place. */
export function positionAt(place: Place): Position {
  const { lineStarts, file } = place.source;
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle]! <= place.offset) low = middle;
    else high = middle - 1;
  }
  return { file, line: low + 1, column: place.offset - lineStarts[low]! + 1 };
}

/**
 * The text of a file as YAML reads it: UTF-8, or UTF-16 with a byte order mark.
 *
 * @returns undefined when the bytes are not text
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe
    ? "utf-16le"
    : bytes[0] === 0xfe && bytes[1] === 0xff
    ? "utf-16be"
    : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
