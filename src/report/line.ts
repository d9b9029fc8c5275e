import { escapeText } from "../model/escape.ts";
import type { LogTail } from "../model/log-tail.ts";

/**
 * One line of the journal or of a command's output. `level` is journald's priority and the colour; `fields` are the stable
 * names of `--log-format json`. The text is escaped, carries no colour, and does not repeat the deployment's name: the log
 * writes it in front.
 */
export interface LogLine {
  readonly level: "debug" | "info" | "notice" | "warning" | "error";
  readonly text: string;
  readonly fields: LineFields;
}

export type LineFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** `fields.event` says what kind of line it is; `hint` lines repeat the fields of what they belong to. */
export function line(level: LogLine["level"], text: string, fields: LineFields = {}): LogLine {
  return { level, text: escapeText(text), fields };
}

/** The deeper line below a failure that says what to do; none for an empty hint. */
export function hintLines(parent: LogLine, hint: string | undefined): LogLine[] {
  if (!hint) return [];
  const indent = " ".repeat(parent.text.length - parent.text.trimStart().length + 2);
  return [line(parent.level, `${indent}hint: ${hint}`, { ...parent.fields, event: "hint" })];
}

/** The last words of a container, below the failure that they belong to. */
export function logTailLines(parent: LogLine, log: LogTail | undefined): LogLine[] {
  if (!log) return [];
  const indent = " ".repeat(parent.text.length - parent.text.trimStart().length + 2);
  const words = log.lines.length > 0
    ? `its last ${log.lines.length === 1 ? "line" : `${log.lines.length} lines`}:`
    : "";
  const head = [words, log.note].filter((part) => part).join(" ");
  return [
    line(parent.level, `${indent}log: ${head}`, { ...parent.fields, event: "log" }),
    ...log.lines.map((text, index) =>
      line(parent.level, `${indent}  | ${text}`, { ...parent.fields, event: "log", number: index + 1 })
    ),
  ];
}

/** The text alone, with the newline at the end: what a terminal or a golden file gets. */
export function linesText(lines: readonly LogLine[]): string {
  return lines.map((each) => `${each.text}\n`).join("");
}
