import { type Issue, sortIssues } from "../../model/issue.ts";
import { causeOf, placeOf } from "../cause.ts";
import type { ComposeIssueCode } from "../codes.ts";
import { type Place, positionAt } from "./source.ts";

/** Where an issue is and what to do about it. */
export interface IssueDetails {
  readonly place?: Place;
  readonly path?: string;
  readonly hint?: string;
  /** Of a warning: the variable that has no value. */
  readonly unset?: string;
}

/** Gathers issues while a phase goes on with what is left. */
export interface Collector {
  error(code: ComposeIssueCode, message: string, details: IssueDetails): void;
  warning(code: ComposeIssueCode, message: string, details: IssueDetails): void;
  hasErrors(): boolean;
  /** Whether one of these codes was reported as an error. */
  hasErrorOf(codes: readonly ComposeIssueCode[]): boolean;
  /**
   * Whether a key at the top of a file is none of Compose's or its value of another type, or what a
   * file includes has an error: what it defines is not known.
   */
  hasUnknownSection(): boolean;
  /** Whether a value of the model, or one below it, has an error. */
  hasErrorAt(path: string): boolean;
  /** Sorted, without repetitions; what comes of a variable without a value is one issue. */
  issues(): Issue[];
}

/** More issues than anyone reads: the rest is left out. */
const maximumIssues = 500;
const maximumPaths = 10_000;

/** A collector of nothing yet. */
export function createCollector(): Collector {
  const found = new Map<string, Issue>();
  // of what is reported once for several paths too
  const errorPaths = new Set<string>();
  const unset = new Map<string, Set<string>>();
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
    if (details.unset === undefined || !issue.position) return;
    const at = placeOf(issue.position);
    unset.set(at, (unset.get(at) ?? new Set()).add(details.unset));
  };
  const errorsFound = (): Issue[] => [...found.values()].filter(({ severity }) => severity === "error");
  return {
    error: (code, message, details) => add("error", code, message, details),
    warning: (code, message, details) => add("warning", code, message, details),
    hasErrors: () => errors,
    hasErrorOf: (codes) => errorsFound().some(({ code }) => (codes as readonly string[]).includes(code)),
    hasUnknownSection: () => [...errorPaths].some((path) => path !== "name" && /^(?:[^.[]+|include.*)$/.test(path)),
    hasErrorAt: (path) =>
      [...errorPaths].some((at) => at === path || (at.startsWith(path) && /[.[]/.test(at[path.length]!))),
    issues: () => sortIssues(joinUnset([...found.values()], unset)),
  };
}

/** An error where a variable has no value is of its making: it says what to set, and the warning is left out. */
function joinUnset(issues: readonly Issue[], unset: ReadonlyMap<string, ReadonlySet<string>>): Issue[] {
  const at = ({ position }: Issue) => position && placeOf(position);
  const broken = new Set(issues.filter(({ severity }) => severity === "error").map(at));
  return issues.flatMap((issue) => {
    const names = unset.get(at(issue) ?? "");
    if (!names || !broken.has(at(issue))) return [issue];
    if (issue.severity === "warning") return issue.code === "INTERPOLATION_UNSET" ? [] : [issue];
    const [every, has] = [[...names].join(" and "), names.size === 1 ? "it has" : "they have"];
    return [{ ...issue, hint: `set ${every} in \`environment\` of holdfast.yaml or in .env: ${has} no value` }];
  });
}
