import { type Issue, sortIssues } from "../../model/issue.ts";
import { formatPosition, type Position } from "../../model/position.ts";
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

/** `services.web` of `services.web.ports`; a path at the top is its own. */
function parentOf(path: string): string {
  return path.slice(0, path.includes(".") ? path.lastIndexOf(".") : undefined);
}

/** More issues than anyone reads: the rest is left out. */
const maximumIssues = 500;

export function createCollector(): Collector {
  const found = new Map<string, Issue>();
  let errors = false;
  const add = (severity: Issue["severity"], code: ComposeIssueCode, message: string, details: IssueDetails): void => {
    if (severity === "error") errors = true;
    const position: Position | undefined = details.place && positionAt(details.place);
    // an alias and `extends` bring one mistake to several paths
    const written = position && details.path;
    const said = written ? message.replaceAll(written, "").replaceAll(parentOf(written), "") : message;
    const key = `${code} ${position ? `${formatPosition(position)}:${position.column}` : details.path} ${said}`;
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
  const errorsFound = (): Issue[] => [...found.values()].filter(({ severity }) => severity === "error");
  return {
    error: (code, message, details) => add("error", code, message, details),
    warning: (code, message, details) => add("warning", code, message, details),
    hasErrors: () => errors,
    hasErrorOf: (codes) => errorsFound().some(({ code }) => (codes as readonly string[]).includes(code)),
    hasUnknownSection: () =>
      errorsFound().some(({ path }) => path !== undefined && path !== "name" && /^[^.[]+$/.test(path)),
    hasErrorAt: (path) =>
      errorsFound().some(({ path: at = "" }) => at === path || (at.startsWith(path) && /[.[]/.test(at[path.length]!))),
    issues: () => sortIssues([...found.values()]),
  };
}
