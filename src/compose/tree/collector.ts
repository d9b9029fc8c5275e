import { type Issue, sortIssues } from "../../model/issue.ts";
import { causeOf } from "../cause.ts";
import type { ComposeIssueCode } from "../codes.ts";
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
  /** Whether one of these codes was reported as an error. */
  hasErrorOf(codes: readonly ComposeIssueCode[]): boolean;
  /** Whether a key at the top of a file is none of Compose's or its value of another type: what it defines is not known. */
  hasUnknownSection(): boolean;
  /** Whether a value of the model, or one below it, has an error. */
  hasErrorAt(path: string): boolean;
  /** Sorted, without repetitions. */
  issues(): Issue[];
}

/** More issues than anyone reads: the rest is left out. */
const maximumIssues = 500;
const maximumPaths = 10_000;

export function createCollector(): Collector {
  const found = new Map<string, Issue>();
  // of what is reported once for several paths too
  const errorPaths = new Set<string>();
  let errors = false;
  const add = (severity: Issue["severity"], code: ComposeIssueCode, message: string, details: IssueDetails): void => {
    if (severity === "error") errors = true;
    const { path, hint, place } = details;
    if (severity === "error" && path && errorPaths.size < maximumPaths) errorPaths.add(path);
    const issue: Issue = {
      code,
      severity,
      message,
      ...(hint && { hint }),
      ...(place && { position: positionAt(place) }),
      ...(path && { path }),
    };
    const cause = causeOf(issue);
    if (!found.has(cause) && found.size < maximumIssues) found.set(cause, issue);
  };
  const errorsFound = (): Issue[] => [...found.values()].filter(({ severity }) => severity === "error");
  return {
    error: (code, message, details) => add("error", code, message, details),
    warning: (code, message, details) => add("warning", code, message, details),
    hasErrors: () => errors,
    hasErrorOf: (codes) => errorsFound().some(({ code }) => (codes as readonly string[]).includes(code)),
    hasUnknownSection: () => [...errorPaths].some((path) => path !== "name" && /^[^.[]+$/.test(path)),
    hasErrorAt: (path) =>
      [...errorPaths].some((at) => at === path || (at.startsWith(path) && /[.[]/.test(at[path.length]!))),
    issues: () => sortIssues([...found.values()]),
  };
}
