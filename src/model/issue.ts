import { escapeShort } from "./escape.ts";
import { comparePositions, formatPosition, type Position } from "./position.ts";

/**
 * Something the reader must mend in git, as data: a loader collects all of them before it gives up.
 * `error` refuses the revision, `warning` does not.
 */
export interface Issue {
  /** Stable, UPPER_SNAKE, part of the published JSON: never renamed. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** What was found and what was needed, values quoted, no secrets. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly position?: Position;
  /** Where in the model, in Compose's keys: `services.web.ports[0]`. */
  readonly path?: string;
}

/** What is printed of a message, a hint or a path at most: people may write a megabyte where a name belongs. */
const mostCharacters = 2000;

/** The same issue, escaped and no longer than anybody reads. */
export function boundIssue(issue: Issue): Issue {
  const { message, hint, path } = issue;
  if (Math.max(message.length, hint?.length ?? 0, path?.length ?? 0) * 8 <= mostCharacters) return issue;
  return {
    ...issue,
    message: escapeShort(message, mostCharacters),
    ...(hint !== undefined && { hint: escapeShort(hint, mostCharacters) }),
    ...(path !== undefined && { path: escapeShort(path, mostCharacters) }),
  };
}

/** Sorted by position, then code, then message: the same input prints the same bytes. */
export function sortIssues(issues: readonly Issue[]): Issue[] {
  return [...issues].sort((a, b) =>
    comparePositions(a.position, b.position) || compareText(a.code, b.code) || compareText(a.message, b.message)
  );
}

/** `file:line: message`, one line, without the hint. */
export function formatIssue(issue: Issue): string {
  return issue.position ? `${formatPosition(issue.position)}: ${issue.message}` : issue.message;
}

export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === "error");
}

/** Plain code-unit order: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
