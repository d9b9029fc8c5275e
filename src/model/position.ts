/** A place in a file of the revision, as an editor shows it. */
export interface Position {
  /** Path relative to the repository's root, with `/`; for the host's own configuration an absolute path. */
  readonly file: string;
  /** First line is 1. */
  readonly line: number;
  /** First column is 1, counted in UTF-16 units. */
  readonly column: number;
}

/** `file:line`, the short form that plans and reports use. */
export function formatPosition(position: Position): string {
  return `${position.file}:${position.line}`;
}

/** The place of a value by its path (`services.web.ports[0]`), or of its nearest parent that has one. */
export function nearestPosition(places: ReadonlyMap<string, Position>, path: string): Position | undefined {
  for (let rest = path; rest !== "";) {
    const place = places.get(rest);
    if (place) return place;
    rest = rest.slice(0, Math.max(0, rest.lastIndexOf("."), rest.lastIndexOf("[")));
  }
  return places.get("");
}

/** Orders by file, then line, then column; a missing position comes first. */
export function comparePositions(a: Position | undefined, b: Position | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
