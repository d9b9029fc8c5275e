import { type Issue, sortIssues } from "../model/issue.ts";
import { formatPosition, type Position } from "../model/position.ts";
import type { ComposeIssueCode } from "./codes.ts";
import { type Place, positionAt } from "./source.ts";

/** Where an issue is and what to do about it. */
export interface IssueDetails {
  readonly place?: Place;
  readonly path?: string;
  readonly hint?: string;
}

/** Gathers issues while a phase goes on with what is left. */
export interface Collector {
  error(code: ComposeIssueCode, message: string, details: IssueDetails): void;
  warning(code: ComposeIssueCode, message: string, details: IssueDetails): void;
  hasErrors(): boolean;
  /** Sorted, without repetitions. */
  issues(): Issue[];
}

/** More issues than anyone reads: the rest is left out. */
const maximumIssues = 500;

export function createCollector(): Collector {
  const found = new Map<string, Issue>();
  let errors = false;
  const add = (severity: Issue["severity"], code: ComposeIssueCode, message: string, details: IssueDetails): void => {
    if (severity === "error") errors = true;
    const position: Position | undefined = details.place && positionAt(details.place);
    const key = `${code} ${position ? `${formatPosition(position)}:${position.column}` : details.path} ${message}`;
    if (found.has(key) || found.size >= maximumIssues) return;
    const { path, hint } = details;
    found.set(key, {
      code,
      severity,
      message,
      ...(hint && { hint }),
      ...(position && { position }),
      ...(path && { path }),
    });
  };
  return {
    error: (code, message, details) => add("error", code, message, details),
    warning: (code, message, details) => add("warning", code, message, details),
    hasErrors: () => errors,
    issues: () => sortIssues([...found.values()]),
  };
}
