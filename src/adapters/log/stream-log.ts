import { escapeJson, escapeText } from "../../model/escape.ts";
import type { Log, LogFields, LogLevel } from "../../ports/log.ts";

export interface StreamLogOptions {
  readonly stream: { write(text: string): unknown };
  /** `text` for people; `json` is one object a line: `time`, `level`, `message`, then the fields. */
  readonly format: "text" | "json";
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** The stream is journald's (JOURNAL_STREAM is set): lines begin with their priority, as in sd-daemon(3). */
  readonly journal: boolean;
  readonly now: () => Date;
  /** Colours the text of an entry, for a terminal. */
  readonly paint?: (entry: { readonly level: LogLevel; readonly text: string; readonly fields: LogFields }) => string;
}

/** syslog's priorities, from the quietest. */
const priorities: Readonly<Record<LogLevel, number>> = { debug: 7, info: 6, notice: 5, warning: 4, error: 3 };

/**
 * A log that writes one line per entry, whatever its text holds. The text form begins with `fields.deployment`, the
 * JSON form has it as a field.
 */
export function streamLog(options: StreamLogOptions): Log {
  const { stream, format, level, journal } = options;
  return {
    write(entryLevel, text, fields = {}) {
      if (priorities[entryLevel] > priorities[level]) return;
      const prefix = journal ? `<${priorities[entryLevel]}>` : "";
      const entry = { level: entryLevel, text: escapeText(text), fields };
      stream.write(`${prefix}${format === "json" ? jsonEntry(entry, options.now()) : textEntry(entry, options)}\n`);
    },
  };
}

interface Entry {
  readonly level: LogLevel;
  readonly text: string;
  readonly fields: LogFields;
}

function textEntry(entry: Entry, { paint }: StreamLogOptions): string {
  const deployment = entry.fields.deployment === undefined ? "" : `${escapeText(String(entry.fields.deployment))}  `;
  return `${deployment}${paint ? paint(entry) : entry.text}`;
}

/** Names of fields never replace the three that every line has. */
function jsonEntry({ level, text, fields }: Entry, now: Date): string {
  const { time: _time, level: _level, message: _message, ...others } = fields;
  return escapeJson(JSON.stringify({ time: now.toISOString(), level, message: text.trimStart(), ...others }));
}
