import { quoteText } from "../../model/escape.ts";
import { type Issue, sortIssues } from "../../model/issue.ts";
import { formatPosition, type Position } from "../../model/position.ts";
import { causeOf } from "../cause.ts";
import type { ComposeIssueCode } from "../codes.ts";

/** Gathers issues by the path of the model that they are about. */
export interface IssueList {
  error(code: ComposeIssueCode, path: string, issue: { readonly message: string; readonly hint: string }): void;
  warning(code: ComposeIssueCode, path: string, issue: { readonly message: string; readonly hint: string }): void;
  /** The text at a path of the model for a message: quoted, and never the bytes of a key. */
  show(path: string, text: string): string;
  /** ` (compose.yaml:3)` behind a second path that a message names; "" where nobody knows its place. */
  whereIs(path: string): string;
  /** Sorted, one for each cause. */
  issues(): Issue[];
}

/** The parts of a loaded project that issues are made with. */
export interface IssueSource {
  readonly positionOf: (path: string) => Position | undefined;
  readonly secretPaths: ReadonlySet<string>;
}

/** More issues than anyone reads: the rest is left out. */
const maximumIssues = 500;

/** An empty list, for the issues of one project. */
export function createIssueList({ positionOf, secretPaths }: IssueSource): IssueList {
  const found = new Map<string, Issue>();
  const left = { error: maximumIssues, warning: maximumIssues }; // no error is left out for warnings
  const add = (
    severity: Issue["severity"],
    code: ComposeIssueCode,
    path: string,
    issue: { message: string; hint: string },
  ): void => {
    const position = positionOf(path);
    const made: Issue = { code, severity, ...issue, ...(position && { position }), path };
    const cause = causeOf(made);
    if (!found.has(cause) && left[severity]-- > 0) found.set(cause, made);
  };
  return {
    error: (code, path, issue) => add("error", code, path, issue),
    warning: (code, path, issue) => add("warning", code, path, issue),
    whereIs: (path) => {
      const position = positionOf(path);
      return position ? ` (${formatPosition(position)})` : "";
    },
    show: (path, text) => secretPaths.has(path) ? "(a secret)" : quoteText(text),
    issues: () => sortIssues([...found.values()]),
  };
}
