import { type Issue, sortIssues } from "../../model/issue.ts";
import type { Position } from "../../model/position.ts";
import type { ComposeIssueCode } from "../codes.ts";

/** Gathers issues by the path of the model that they are about. */
export interface IssueList {
  error(code: ComposeIssueCode, path: string, issue: { readonly message: string; readonly hint: string }): void;
  warning(code: ComposeIssueCode, path: string, issue: { readonly message: string; readonly hint: string }): void;
  /** Sorted. */
  issues(): Issue[];
}

export function createIssueList(positionOf: (path: string) => Position | undefined): IssueList {
  const found: Issue[] = [];
  const add = (
    severity: Issue["severity"],
    code: ComposeIssueCode,
    path: string,
    issue: { message: string; hint: string },
  ): void => {
    const position = positionOf(path);
    found.push({ code, severity, ...issue, ...(position && { position }), path });
  };
  return {
    error: (code, path, issue) => add("error", code, path, issue),
    warning: (code, path, issue) => add("warning", code, path, issue),
    issues: () => sortIssues(found),
  };
}
