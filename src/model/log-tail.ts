/** The end of a container's log: bounded, without secrets, as it was before anything could remove the container. */
export interface LogTail {
  /** Newest last, untrusted: whoever prints them escapes them. */
  readonly lines: readonly string[];
  /** Why there is nothing to show, or that there was more. */
  readonly note?: string;
}

/** Enough for a stack trace, little enough for a journal. */
export const mostLogLines = 20;
const longestLine = 400;
const mostCharacters = 4000;

/** The last lines that fit, each without secrets and cut where it is long. */
export function boundedTail(lines: readonly string[], mask: (line: string) => string): LogTail {
  const kept: string[] = [];
  let room = mostCharacters;
  for (const line of [...lines].reverse()) {
    const shown = cut(mask(line).trimEnd());
    room -= shown.length;
    if (kept.length >= mostLogLines || room < 0) break;
    kept.unshift(shown);
  }
  return { lines: kept };
}

function cut(line: string): string {
  const chars = [...line];
  return chars.length <= longestLine ? line : `${chars.slice(0, longestLine).join("")} …`;
}
