import { escapeText } from "../model/escape.ts";
import { type Issue, sortIssues } from "../model/issue.ts";
import type { Position } from "../model/position.ts";
import { hintLines, line, type LogLine } from "./line.ts";
import { plural } from "./words.ts";

/** Wider source lines are shown around their column. */
const widestSource = 140;

/**
 * Every issue with its place, the line it points to where its text is known, and what to do; in the order of the files.
 *
 * @param sources text of files by path, as positions name them
 */
export function renderIssues(issues: readonly Issue[], sources: ReadonlyMap<string, string>): LogLine[] {
  return sortIssues(issues).flatMap((issue) => {
    const { code, severity, message, hint, position } = issue;
    const place = position ? `${position.file}:${position.line}:${position.column}: ` : "";
    const fields = { event: "issue", code, file: position?.file, line: position?.line, column: position?.column };
    const first = line(severity, `${place}${severity}: ${message} (${code})`, fields);
    return [first, ...caretLines(position, sources), ...hintLines(first, hint)];
  });
}

/** `2 errors, 1 warning`; undefined when there is neither. */
export function issueSummary(issues: readonly Issue[]): string | undefined {
  const errors = issues.filter((issue) => issue.severity === "error").length;
  const warnings = issues.length - errors;
  const words = [errors ? plural(errors, "error") : "", warnings ? plural(warnings, "warning") : ""].filter(Boolean);
  return words.length > 0 ? words.join(", ") : undefined;
}

/** The source line and a caret below its column. */
export function caretLines(position: Position | undefined, sources: ReadonlyMap<string, string>): LogLine[] {
  const source = position && sources.get(position.file)?.split(/\r?\n/)[position.line - 1];
  if (!position || source === undefined) return [];
  const column = Math.min(position.column, source.length + 1) - 1;
  const from = source.length > widestSource ? Math.max(0, column - widestSource / 2) : 0;
  // Tabs would move the caret; one space stands for each.
  const shown = (text: string) => escapeText(text.replaceAll("\t", " "));
  const before = shown(source.slice(from, column));
  const number = String(position.line).padStart(5);
  return [
    line("info", `${number} | ${before}${shown(source.slice(column, from + widestSource))}`, { event: "source" }),
    line("info", `${" ".repeat(number.length)} | ${" ".repeat([...before].length)}^`, { event: "source" }),
  ];
}
